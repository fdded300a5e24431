"""The identifiers of the desk in words, on pages of either language."""

from __future__ import annotations

from portal.web.i18n import gettext as _


def state(name: str) -> str:
    """A request's state."""
    return {
        "draft": _("not filed yet"),
        "received": _("received"),
        "incomplete": _("waiting to be completed"),
        "in_process": _("in process"),
        "extended": _("extended"),
        "answered": _("answered"),
        "closed": _("closed"),
        "lapsed": _("lapsed"),
        "withdrawn": _("withdrawn"),
    }.get(name, name)


def state_kind(name: str, *, late: bool = False) -> str:
    """The colour of its badge."""
    if late and name not in ("closed", "answered"):
        return "bad"
    kinds = {"answered": "good", "closed": "good", "incomplete": "warn", "extended": "teak", "in_process": "river"}
    return kinds.get(name, "plain" if name in ("lapsed", "withdrawn", "draft") else "river")


def decision(name: str | None) -> str:
    """What was decided on a request."""
    return {
        "granted": _("granted in full"),
        "partially_granted": _("granted in part"),
        "refused": _("refused"),
        "not_held": _("not held"),
        "already_public": _("already public"),
    }.get(name or "", "")


def action(name: str) -> str:
    """What was done, in the timeline."""
    return {
        "register": _("Request registered"),
        "send_incomplete": _("Letter sent: something is missing"),
        "complete": _("Completed by the applicant"),
        "accept_complete": _("Declared complete"),
        "lapse": _("Lapsed: not completed in time"),
        "route": _("Passed to an agency"),
        "return_from_opd": _("Returned by the agency"),
        "extend": _("Time to answer extended"),
        "answer": _("Answered"),
        "pay": _("Fee paid"),
        "deliver": _("Information handed over"),
        "withdraw": _("Withdrawn by the applicant"),
        "close": _("Closed"),
        "record_arrival": _("Arrival of a letter noted"),
        "object": _("Objection filed"),
        "decide_objection": _("Objection decided"),
        "settle": _("Objection settled by agreement"),
        "refer_dispute": _("Dispute before the commission registered"),
        "record_decision": _("Stage of the dispute noted"),
        "note": _("Note"),
        "reminder": _("Reminder sent"),
        "deadline_recalculated": _("Deadline computed anew"),
        "look": _("Personal data looked at"),
        "publish": _("Published"),
        "join": _("Somebody joined"),
    }.get(name, name)


def step(name: str) -> str:
    """What the desk has to do next."""
    return {
        "check": _("check whether it is complete"),
        "answer": _("answer"),
        "deliver": _("hand over the information"),
        "objection": _("decide the objection"),
        "fulfil": _("carry out the decision on the objection"),
    }.get(name, "")


def actor(name: str) -> str:
    """Who did it."""
    return {
        "applicant": _("applicant"),
        "desk_officer": _("information desk"),
        "ppid_utama": _("PPID"),
        "ppid_pelaksana": _("PPID of the agency"),
        "atasan_ppid": _("superior of the PPID"),
        "job": _("by itself"),
    }.get(name, name)


def deadline(name: str) -> str:
    """A date of a case; "" for those that are not shown."""
    return {
        "received_on": _("Received"),
        "completeness_check_due": _("Completeness is checked by"),
        "correction_due": _("To be completed by"),
        "answer_due": _("Answer due"),
        "extended_answer_due": _("Answer due, extended"),
        "delivery_due": _("Information handed over by"),
        "opd_due": _("Agencies report back by"),
        "objection_answer_due": _("Objection decided by"),
        "dispute_window_end": _("Dispute possible until"),
        "ki_start_due": _("Commission begins by"),
    }.get(name, "")


def ground(letter: str) -> str:
    """A ground of an objection (UU 14/2008 Pasal 35(1))."""
    return {
        "a": _("The request was refused on a ground of exemption (Pasal 17)"),
        "b": _("Information that must be published regularly is not there"),
        "c": _("The request was not answered"),
        "d": _("The answer is not what was asked for"),
        "e": _("The request was not fulfilled"),
        "f": _("The fee is unreasonable"),
        "g": _("The information came later than the law allows"),
    }.get(letter, letter)


def exemption(code: str) -> str:
    """A letter of UU 14/2008 Pasal 17."""
    return {
        "17.a": _("law enforcement"),
        "17.b": _("intellectual property, unfair competition"),
        "17.c": _("defence and security of the state"),
        "17.d": _("natural wealth"),
        "17.e": _("economic resilience"),
        "17.f": _("foreign relations"),
        "17.g": _("a private authentic deed or last will"),
        "17.h": _("private secrets"),
        "17.i": _("memoranda that are secret by nature"),
        "17.j": _("closed by another law"),
    }.get(code, code)


def applicant_kind(name: str) -> str:
    """Who may ask."""
    return {
        "perorangan": _("a person"),
        "badan_hukum": _("a legal body"),
        "kelompok_orang": _("a group of people"),
    }.get(name, name)


def channel(name: str) -> str:
    """How a request came in."""
    return {
        "web": _("this website"),
        "email": _("e-mail"),
        "post": _("post"),
        "in_person": _("in person"),
        "phone": _("telephone"),
        "whatsapp": "WhatsApp",
    }.get(name, name)


def manner(name: str) -> str:
    """How the information is to be obtained."""
    return {
        "look": _("look, read, listen or note down"),
        "soft": _("electronic copy"),
        "hard": _("paper copy"),
    }.get(name, name)


def delivery(name: str) -> str:
    """How it is to be sent."""
    return {
        "email": _("e-mail"),
        "collect": _("collected at the desk"),
        "courier": _("courier"),
        "post": _("post"),
        "fax": _("fax"),
    }.get(name, name)


def information_class(name: str) -> str:
    """A class of information (UU 14/2008 Pasal 9 to 11)."""
    return {
        "berkala": _("published regularly"),
        "serta_merta": _("published at once"),
        "setiap_saat": _("available at any time"),
        "dikecualikan": _("exempted"),
    }.get(name, name)


def objection_state(name: str) -> str:
    """What became of an objection."""
    return {
        "filed": _("waiting for the decision"),
        "upheld": _("upheld"),
        "upheld_partly": _("upheld in part"),
        "rejected": _("rejected"),
        "settled": _("settled"),
    }.get(name, name)


def letter(kind: str) -> str:
    """A letter of the desk."""
    return {
        "tanda_bukti": _("Receipt"),
        "surat_tidak_lengkap": _("Letter: what is missing"),
        "surat_tidak_diproses": _("Letter: cannot be processed"),
        "surat_perpanjangan": _("Letter: extension"),
        "pemberitahuan_tertulis": _("Written notice"),
        "surat_penolakan": _("Letter of refusal"),
        "tanda_terima": _("Receipt of the information"),
        "tanda_terima_keberatan": _("Receipt of the objection"),
        "keputusan_keberatan": _("Decision on the objection"),
        "berita_acara_penyelesaian": _("Record of the settlement"),
        "berkas_sengketa": _("File for the commission"),
    }.get(kind, kind)


def dispute(stage: str) -> str:
    """A stage before the Komisi Informasi."""
    return {
        "registered": _("registered"),
        "mediation": _("mediation"),
        "adjudication": _("adjudication"),
        "decided": _("decided"),
        "in_court": _("in court"),
        "final": _("final"),
    }.get(stage, stage)
