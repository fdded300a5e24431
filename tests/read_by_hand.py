"""What a careful person found in real files of Indonesian offices, compared by hand with what is printed in them.

`CHECKED` holds the last header row, the rows of data, the types of the columns (s string, i integer, n number, y year,
d date, t datetime), the beginnings of the first and the last row, what stands below the header and is no data, how many
notes there are. docs/reading.md marks these files.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LETTERS = {"string": "s", "integer": "i", "number": "n", "year": "y", "date": "d", "datetime": "t", "boolean": "b"}


@dataclass(frozen=True)
class Seen:
    """What a person sees in one table of a file."""

    header: int
    rows: int
    types: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    dropped: dict[int, str] = field(default_factory=dict)
    notes: int = 0
    title: str | None = None
    table: int = 0


CHECKED: dict[str, Seen] = {
    "bps_jatim_csv/ipm_2022.csv": Seen(3, 39, "sn", ("Kabupaten Pacitan", "70.19"), ("Jawa Timur", "74.05")),
    "bps_jatim_csv/garis_kemiskinan_2024.csv": Seen(
        3, 39, "si", ("Kabupaten Pacitan", "370643"), ("Jawa Timur", "536122")
    ),
    "bps_jatim_csv/pdrb_17_sektor_triwulanan_2024.csv": Seen(
        5,
        17,
        "snnnnnnnnnn",
        ("A Pertanian, Kehutanan dan Perikanan", "74443.18", "93971.7"),
        ("R,S,T,U Jasa Lainnya", "10578.22"),
        dropped={23: "total"},
        title="[Seri 2010] PDRB Menurut Lapangan Usaha (17 Sektor) Triwulanan (Miliar Rupiah)",
    ),
    "bps_jatim_csv/pdrb_triwulanan_kabkota_adhb_2022.csv": Seen(
        1, 38, "snnnnn", ("Kabupaten Pacitan", "4355.73", "4396.76"), ("Kota Batu", "4474.35")
    ),
    "bps_jatim_csv/penduduk_2023.csv": Seen(
        1,
        38,
        "snnnin",
        ("Pacitan", "588", "0.12", "1.42", "410", "100.8"),
        ("Kota Batu", "220.2", "3.38", "0.53", "1134", "101.3"),
        dropped={40: "total", 41: "blank", 42: "note", 43: "note"},
        notes=2,
    ),
    "bps_jatim_csv/pengeluaran_kabkota_rupiah_2022.csv": Seen(
        1,
        39,
        "snnn",
        ("Pacitan", "428206", "334514.53", "762720.53"),
        ("Jawa Timur", "600847.63"),
        dropped={41: "blank", 42: "note", 43: "blank"},
        notes=1,
    ),
    "bps_jatim_csv/tpt_wilayah_2022.csv": Seen(
        4,
        3,
        "snn",
        ("Perkotaan", "6.69", "7.76"),
        ("Perkotaan & Perdesaan", "4.81", "5.49"),
        title="Tingkat Pengangguran Terbuka (TPT) Menurut Wilayah Klasifikasi Wilayah (Persen)",
    ),
    "opendata_jatim/upah_minimum_kabkota.csv": Seen(
        1,
        190,
        "iissssnysy",
        ("1", "11", "35", "JAWA TIMUR", "3526", "KABUPATEN BANGKALAN", "1954705.75", "2020", "RUPIAH", "2020"),
        ("190", "190190", "35", "JAWA TIMUR", "3578", "KOTA SURABAYA", "4961753.0"),
    ),
    "opendata_jatim/luas_panen_tanaman_pangan.csv": Seen(
        1,
        3420,
        "iissssssnsy",
        ("1", "11", "35", "JAWA TIMUR", "3501", "KABUPATEN PACITAN", "2023-01", "JAGUNG", "2101.0"),
        ("1140", "34201140", "35", "JAWA TIMUR", "3579", "KOTA BATU", "2025-06", "PADI", "33.66"),
    ),
    "opendata_jatim/perusahaan_wlkp_online.csv": Seen(
        1,
        5016,
        "iissssssisy",
        ("1", "11", "35", "JAWA TIMUR", "3526", "KABUPATEN BANGKALAN", "2020-Q1", "JUMLAH PERUSAHAAN", "204"),
        ("836", "5016836", "35"),
    ),
    "opendata_jabar/penduduk_miskin_kabkota.csv": Seen(
        1,
        513,
        "issssnsy",
        ("1", "32", "JAWA BARAT", "3201", "KABUPATEN BOGOR", "451.3", "RIBU JIWA", "2002"),
        ("513", "32", "JAWA BARAT", "3279", "KOTA BANJAR", "11.16", "RIBU JIWA", "2020"),
    ),
    "lapor/daftar_area_6000.csv": Seen(
        1, 6000, "isnn", ("0", "Aceh", "4.57369", "96.8358"), ("902", "KINTOM", "-1.091", "122.585")
    ),
    "kinerja/daftar_data_jabar.csv": Seen(
        1,
        2618,
        "sssssss",
        ("Badan Kepegawaian Daerah", "Indeks Implementasi Corporate University"),
        ("Sekretariat DPRD",),
    ),
    "kinerja/indikator_kinerja_daerah_jabar.xlsx": Seen(
        1, 516, "ssss", ("PENDIDIKAN", "Harapan Lama Sekolah", "Tahun", "Dinas Pendidikan"), ("PEMERINTAHAN UMUM",)
    ),
    "kinerja/indikator_kinerja_rkpd_kota_bandung.xlsx": Seen(
        1,
        375,
        "sss",
        ("PENDIDIKAN", "Angka Kelulusan Pendidikan Dasar dan Kesetaraan", "persen"),
        ("KESATUAN BANGSA DAN POLITIK",),
        dropped={36: "blank"},
    ),
    "xlsx/ipm_provinsi_2010_2022.xlsx": Seen(
        1, 35, "snnnnnnnnnnnn", ("ACEH", "71.7", "72.16", "72.51", "68.3"), ("INDONESIA", "72.27")
    ),
    "xlsx/jabar_apk_2017_2019.xlsx": Seen(
        3,
        28,
        "snnnnnnnnnnnn",
        ("Provinsi Jawa Barat", "107.54", "106.24", "105.52", "88.80"),
        ("Kota Banjar", "102.74", "105.57"),
        dropped={32: "blank", 33: "note", 34: "note", 35: "note"},
        notes=3,
    ),
    "xlsx/jateng_penduduk_triwulanan.xlsx": Seen(
        2,
        35,
        "ss" + "n" * 77 + "ss",
        ("3301", "Kabupaten Cilacap", "1703.39", "1705.44925", "1707.5085"),
        ("3376", "Kota Tegal", "247.212"),
        dropped={38: "total", 39: "stray"},
    ),
    "xlsx/jatim_pdrb_ipm_2016_2021.xlsx": Seen(
        1, 228, "sysnn", ("01", "2016", "Kab. Pacitan", "17181.0", "65.74"), ("79", "2021", "Kota Batu")
    ),
    "xlsx/jatim_penduduk_ahh_rls_2016_2021.xlsx": Seen(
        1,
        228,
        "sysniiinnin",
        ("01", "2016", "Kab. Pacitan", "85.53", "269616", "282691", "552307", "71.18", "6.89", "8048", "5.21"),
        ("79", "2021", "Kota Batu", "8.63"),
    ),
    "apbd_sipd/lra_diskominfo_2026_januari.xlsx": Seen(
        8,
        480,
        "sssss" + "n" * 9,
        ("2", "", "", "", "URUSAN PEMERINTAHAN WAJIB YANG TIDAK BERKAITAN DENGAN PELAYANAN DASAR", "10701893800"),
        ("2.21", "2.16.2.20.2.21.01.0000", "2.21.02.2.02.0002", "5.1.02.04.001.00003"),
        dropped={490: "total"},
        title="KAB. LAMPUNG SELATAN REKAPITULASI BELANJA MENURUT URUSAN PEMERINTAH DAERAH, ORGANISASI, PROGRAM, "
        "KEGIATAN BESERTA HASIL DAN SUB KEGIATAN BESERTA KELUARAN TAHUN ANGGARAN 2026",
    ),
    "apbd_sipd/nomenklatur_subkegiatan_indikator.xlsx": Seen(
        1, 7765, "s" * 14, ("PROV",), ("KABKOT", "X.XX URUSAN PEMERINTAHAN BIDANG XX")
    ),
    "apbd_sipd/toba_lra_2022_opd10.xlsx": Seen(
        14, 9, "ssii", ("4", "PENDAPATAN DAERAH", "0", "0"), ("5.4", "BELANJA TRANSFER", "0", "0")
    ),
    "apbd_sipd/rak_belanja_diskominfo_2026.xlsx": Seen(
        3,
        484,
        "ssiin" + "i" * 8 + "n",
        ("2", "URUSAN PEMERINTAHAN WAJIB YANG TIDAK BERKAITAN DENGAN PELAYANAN DASAR", "10810941900"),
        ("5.1.02.04.001.00003", "Belanja Perjalanan Dinas Dalam Kota", "4080000", "4080000", ""),
        dropped={488: "total"},
        title="RENCANA ANGGARAN KAS SATUAN KERJA PERANGKAT DAERAH KAB. LAMPUNG SELATAN PERGESERAN APBD TAHUN 2026 "
        "DINAS KOMUNIKASI DAN INFORMATIKA",
    ),
    "opensid/analisis_DDK_Profil_Desa.xlsx": Seen(
        1, 90, "sssiss", ("1", "Jumlah Penghasilan Perbulan"), ("90", "Masalah Kesejahteraan Keluarga"), table=1
    ),
    "opensid/bdt2015_kolom.csv": Seen(
        1, 101, "iss", ("1", "ruta_6 (1)", "KOLOM"), ("101", "Status dalam pekerjaan", "101")
    ),
    "opensid/contoh_penduduk_disamarkan.csv": Seen(
        1,
        97,
        "sssssssisdi",
        ("", "MANGSIT", "", "004", "WARGA 001", "8888000000000001"),
        ("", "SENGGIGI"),
    ),
    "opensid/format_import_ddk_disamarkan.csv": Seen(
        2,
        37,
        "i" + "s" * 6 + "i" + "s" * 66,
        ("1", "8888000000000001", "WARGA 002", "L", "MANGSIT"),
        ("37",),
    ),
    "wilayah/kemendagri_2025_jatim.csv": Seen(1, 9199, "ss", ("35", "Jawa Timur"), ("35.79.03.2007", "Torongrejo")),
    "wilayah/kemendagri_2025_jatim_penduduk.csv": Seen(
        1, 39, "ssiii", ("35", "Jawa Timur", "20894359", "21025547", "41919906"), ("35.79", "Kota Batu", "113186")
    ),
    "wilayah/dagri_2017_3522.csv": Seen(
        1, 459, "sissss", ("35.22", "2", "KABUPATEN", "Kabupaten", "Bojonegoro", ""), ("35.22.28.2012", "4", "DESA")
    ),
    "wilayah/bps_bridging_3522.json": Seen(
        0, 430, "issss", ("3522010", "3522010001", "35.22.22.2002"), ("3522241", "3522241005"), table=1
    ),
    "ckan/kaltim_datastore_retribusi.json": Seen(
        0, 3, "iisinnnns", ("1", "1", "Retribusi Jasa Umum", "6915012900", "8002269316.91"), ("3", "3")
    ),
    "ckan/inhil_datastore_kelas_jalan.json": Seen(0, 7, "isnnn", ("1", "Kelas I", "0", "0", "0"), ("7",)),
    "json_bespoke/sultra_tabel_74_112_2025.json": Seen(
        0, 5, "ssssst", ("I", "Kapontori", "Buton", "14,288", "KPHP", "2025-07-28T01:51:23"), ()
    ),
    "json_bespoke/trenggalek_vertikal_kecamatan.json": Seen(0, 14, "is", ("9", "Bendungan"), ()),
    "bps_webapi/rec_th_0000_1804.json": Seen(0, 7, "iy", ("119", "2019"), ("113", "2013")),
    "batas/bojonegoro_kecamatan.geojson": Seen(0, 28, "si", ("Gayam", "22"), ()),
    "opd_bojonegoro/ruas_jalan_2022.kml": Seen(
        0,
        242,
        "iisssisissssni",
        ("1", "0", "Jalan Sugihwaras - Kepohkidul", "Pertigaan Sugihwaras", "Pertigaan Kepohkidul", "7240"),
        ("", "", "Jalan Sekar - Kedungbrubus", "JK. Sekar - Bobol (Pertigaan Desa Sekar)"),
    ),
}
