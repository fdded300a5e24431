"""The tables of the catalogue and the queries on them."""

from __future__ import annotations

from datasets.models.blob import Blob, Evidence
from datasets.models.custody import DatasetRuling, MassStep, MassWork, PlannedDataset, StepState, VersionScore
from datasets.models.dataset import Dataset, DatasetRegion, DatasetTag, DatasetTheme, Visibility, published
from datasets.models.desk import DeskDraft, DeskState, ReadingHabit
from datasets.models.held import Held, HeldState
from datasets.models.immutable import Immutable
from datasets.models.jobs import Job, Lease, SearchOutbox
from datasets.models.journal import JournalEntry, JournalNode
from datasets.models.kept import Examination, Kept
from datasets.models.mail import Mail, Told
from datasets.models.manuscript import Manuscript, WrittenResource
from datasets.models.organization import Organization
from datasets.models.region import Region
from datasets.models.response import DataReport, Follow, Rating, ReaderResponse, ReportState, Shown
from datasets.models.source import Item, ItemOutcome, RestingHost, Run, RunState, Source
from datasets.models.theme import Theme
from datasets.models.usage import DatasetUsage
from datasets.models.vanished import Vanished
from datasets.models.version import Resource, ResourceKind, Version
from datasets.models.webhook import Webhook, WebhookDelivery, WebhookEvent

__all__ = [
    "Blob",
    "DataReport",
    "Dataset",
    "DatasetRegion",
    "DatasetRuling",
    "DatasetTag",
    "DatasetTheme",
    "DatasetUsage",
    "DeskDraft",
    "DeskState",
    "Evidence",
    "Examination",
    "Follow",
    "Held",
    "HeldState",
    "Immutable",
    "Item",
    "ItemOutcome",
    "Job",
    "JournalEntry",
    "JournalNode",
    "Kept",
    "Lease",
    "Mail",
    "Manuscript",
    "MassStep",
    "MassWork",
    "Organization",
    "PlannedDataset",
    "Rating",
    "ReaderResponse",
    "ReadingHabit",
    "Region",
    "ReportState",
    "Resource",
    "ResourceKind",
    "RestingHost",
    "Run",
    "RunState",
    "SearchOutbox",
    "Shown",
    "Source",
    "StepState",
    "Theme",
    "Told",
    "Vanished",
    "Version",
    "VersionScore",
    "Visibility",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
    "WrittenResource",
    "published",
]
