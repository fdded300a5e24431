"""What stands on a table: versions compared, charts of any question, rows, SQL, and the questions as JSON."""
