"""Refusals of honours (N20, N21)."""

from ledger.errors.base import Kind, Refusal


class AlreadyNominated(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此对象已被推荐参评 {honour}。", "This recipient is nominated for {honour} already."


class NotNominated(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目没有以此对象参评 {honour}。", "Nobody nominated this recipient for {honour} with this project."


class AlreadyProposed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此对象已列入 {honour} 的拟表彰名单。", "This recipient is proposed for {honour} already."


class EvaluationNotFinal(Refusal):
    kind = Kind.CONFLICT
    zh = "评估结果须先公示期满，且异议均已处理。"
    en = "The evaluations are shown for objection first, until their notice period is over and no objection is open."


class DepartureMissing(Refusal):
    kind = Kind.CONFLICT
    zh = "排名第 {rank}，越过了排名第 {passed_over} 的参评对象，须说明理由。"
    en = "Rank {rank} would be proposed before rank {passed_over}, which is passed over; say why."


class DepartureNotNeeded(Refusal):
    kind = Kind.INVALID
    zh = "排名第 {rank}，没有越过任何参评对象，不写不按排名的理由。"
    en = "Rank {rank} passes nobody over; a reason for departing from the ranking does not belong there."


class ProposalMissing(Refusal):
    kind = Kind.CONFLICT
    zh, en = "授予 {honour} 前须先拟定名单并公示。", "An honour {honour} is proposed and shown for objection first."


class ProposalStillShown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "公示至 {until}，期满方可授予。", "The proposal is open to objection until {until}."


class ProposalObjected(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "第 {objection} 版的异议尚未处理。",
        "The objection of version {objection} against the proposal is not resolved.",
    )


class WeightsNotWhole(Refusal):
    kind = Kind.INVALID
    zh = "试算须同时给出 completion、beneficiaries、third_party 三项权重，合计为 100；现为 {given}。"
    en = "Other weights are all three, completion, beneficiaries and third_party, and make 100, not {given}."


class AwardUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "第 {version} 版不是有效的表彰。", "Version {version} is no honour that counts."


class AlreadyRevoked(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第 {version} 版的表彰已被撤销。", "The honour of version {version} has been revoked already."


class CertificateUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有此证书：第 {version} 版不是表彰。", "There is no such certificate: version {version} is no honour."
