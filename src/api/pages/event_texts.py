"""What the page of one record says: the record in words, and its proof."""

from ledger.core.words import Words

EVENT: dict[str, Words] = {
    "event_title": Words("账本第 {position} 号记录", "Record no. {position} of the ledger"),
    "event_hidden": Words("这条记录不公开", "This record is not public"),
    "event_hidden_lead": Words(
        "账本在这里记下了一件事，内容依规定不公开，例如单个委员的评审意见。没有人能把它抽走或换掉：下面照样可以核验。",
        "The ledger recorded something here which is not public by its rules, such as a single review. Nobody can take "
        "it out or exchange it: what is below verifies all the same.",
    ),
    "event_facts": Words("记录的内容", "What the record says"),
    "event_about": Words("关于这条记录", "About this record"),
    "event_recorded": Words("记录时点", "Recorded"),
    "event_effective": Words("生效日期", "In effect since"),
    "event_by": Words("谁记的", "By"),
    "event_late": Words("补录理由", "Entered late because"),
    "event_corrects": Words("更正的是", "It corrects"),
    "event_since": Words("此后", "Since then"),
    "event_redacted": Words("删除的文字", "Words removed"),
    "event_none": Words("除事项本身外，没有其他内容。", "It says nothing beyond its kind."),
    "event_raw": Words("原文（JSON）", "The record itself (JSON)"),
    "event_history": Words("在经过中的位置", "Its place in the history"),
    "event_before": Words("前一条", "The one before"),
    "event_after": Words("后一条", "The one after"),
    "event_first": Words("这是第一条。", "This is the first."),
    "event_last": Words("这是最近一条。", "This is the latest."),
    "event_time": Words("看当时的账本", "The ledger at that moment"),
    "event_all": Words("全部经过", "The whole history"),
    "event_ledger_before": Words("账本上一号", "Previous number"),
    "event_ledger_after": Words("账本下一号", "Next number"),
    # The proof.
    "proof_title": Words("在您的浏览器里核验", "Verified in your browser"),
    "proof_lead": Words(
        "以下四步由您的浏览器自己计算，不需要相信本网站。",
        "Your browser works out these four steps by itself; you need not trust this site.",
    ),
    "proof_waiting": Words("正在核验……", "Verifying …"),
    "proof_right": Words("核验通过", "Verified"),
    "proof_right_lead": Words("四步都在您的浏览器里算完，用时", "All four steps were worked out in your browser, in"),
    "proof_some": Words("可核验的各步都一致", "What can be verified holds"),
    "proof_some_lead": Words(
        "灰色的步骤没有可以核对的，原因见该步。用时", "The grey steps have nothing to compare, as they say. It took"
    ),
    "proof_seconds": Words("秒。", "seconds."),
    "proof_wrong": Words("核验不通过", "It does not verify"),
    "proof_wrong_lead": Words(
        "有一步对不上，见下。请不要采信本页内容；下载证明留存，并用命令行再核验一次。如仍不通过，请告诉审计或见证人。",
        "A step does not hold, see below. Do not rely on this page; keep the proof and verify it by the command line. "
        "If that fails too, tell an auditor or a witness.",
    ),
    "proof_partly": Words("未能全部核验", "Not all of it was verified"),
    "proof_partly_lead": Words(
        "您的浏览器不支持 Ed25519 签名，第三、第四步没有核验。请更新浏览器，或用下面的命令行。",
        "Your browser lacks Ed25519, so steps three and four were not checked. Update it, or use the command line.",
    ),
    "proof_failed": Words("现在无法核验", "It cannot be verified now"),
    "proof_failed_lead": Words(
        "取不到证明：可能刚刚写入、尚未签名，或网络不通，或本页不是通过 HTTPS 打开的。请稍后再试，或用下面的命令行。",
        "The proof is not to be had: the record may be too new to be signed, the network down, or the page not opened "
        "by HTTPS. Try later, or use the command line below.",
    ),
    "proof_no_script": Words(
        "浏览器没有运行脚本，所以没有核验。下载证明，用下面的命令行也能核验。",
        "No script runs in this browser, so nothing was verified. Download the proof and use the command line below.",
    ),
    "proof_unsigned": Words("本账本没有签名，无法核验。", "This ledger is not signed; there is nothing to verify."),
    "proof_again": Words("再核验一次", "Verify again"),
    "proof_content": Words("内容没有变", "The words are unchanged"),
    "proof_content_lead": Words(
        "把这条记录的原文重新算一遍指纹（SHA-256），应与账本所存一致；一个字不同，指纹就不同。",
        "The fingerprint (SHA-256) of the record's own words is worked out once more and has to be the one in the "
        "ledger; another letter gives another fingerprint.",
    ),
    "proof_content_withheld": Words(
        "内容不公开或已依法删除，没有原文可以核对；其余三步不受影响。",
        "The words are not public or were removed by law, so there are none to compare; the other steps still hold.",
    ),
    "proof_path": Words("它在账本里", "It stands in the ledger"),
    "proof_path_lead": Words(
        "从这一条起，与相邻的指纹逐层合并，得到的根应与检查点上的相同；少一条、换一条、挪一条，根都不同。",
        "From this entry upwards, fingerprints are joined layer by layer; the root has to be that of the checkpoint. "
        "Taking out, exchanging or moving any record gives another root.",
    ),
    "proof_path_value": Words("合并的指纹数", "fingerprints joined"),
    "proof_signature": Words("检查点是账本签的", "The ledger signed the checkpoint"),
    "proof_signature_lead": Words(
        "检查点写明账本有多少条、根是什么，由账本的私钥签名（Ed25519）；用公布的公钥核对。公钥请与印在别处的比对一次。",
        "The checkpoint states how many records there are and their root, signed by the ledger's private key (Ed25519) "
        "and checked by its public one. Compare that key once with the one printed elsewhere.",
    ),
    "proof_signature_value": Words("检查点的条数", "records under the checkpoint"),
    "proof_witnesses": Words("别人也看到同一本账", "Others see the same ledger"),
    "proof_witnesses_lead": Words(
        "见证人在同一个检查点上联署，保证账本没有给不同的人看不同的内容。",
        "Witnesses cosign the same checkpoint, so the ledger cannot show different things to different people.",
    ),
    "proof_witnesses_none": Words(
        "这个检查点没有见证人联署：能确定账本没有改过这条记录，不能确定别人看到的是同一本账。",
        "No witness cosigned this checkpoint: the ledger has not changed this record, but whether others are shown the "
        "same ledger is not known.",
    ),
    "proof_step_right": Words("一致", "holds"),
    "proof_step_wrong": Words("不一致", "does not hold"),
    "proof_step_unsupported": Words("浏览器不支持", "not supported here"),
    "proof_key": Words("账本的公钥", "Public key of the ledger"),
    "proof_witness_key": Words("见证人的公钥", "Public keys of witnesses"),
    "proof_means": Words("通过即证明", "What this proves"),
    "proof_means_1": Words("这条记录从记下起一字未改", "The record has not changed since it was recorded"),
    "proof_means_2": Words(
        "它在账本里的位置不能被换掉或抽走", "Its place in the ledger cannot be exchanged or emptied"
    ),
    "proof_means_3": Words("有见证人时，别人看到的是同一本账", "With witnesses, others see the same ledger"),
    "proof_not": Words("没有证明", "What it does not prove"),
    "proof_not_1": Words(
        "所写的事属实：那要靠检查、评估和举报", "That it is true: inspections, evaluations and reports tell"
    ),
    "proof_not_2": Words("该记的都记了", "That everything was recorded that should be"),
    "proof_not_3": Words("记录的人有权这样做", "That who recorded it had the right to"),
    "proof_take": Words("带走证据", "Take the proof along"),
    "proof_take_lead": Words("离线也能核验，几年以后也能。", "It verifies offline, and in years to come."),
    "proof_download": Words("下载证明", "Download the proof"),
    "proof_download_event": Words("下载原文", "Download the record"),
    "proof_command": Words("用命令行核验", "By the command line"),
    "proof_command_lead": Words(
        "独立的核验程序 minsheng-verify，不经过本网站的页面：",
        "The independent program minsheng-verify does without the pages of this site:",
    ),
    "proof_qr": Words("本页的二维码，可印在纸质文件上", "QR code of this page, for papers"),
}
