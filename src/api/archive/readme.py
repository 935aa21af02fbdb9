"""README.txt: what the package is and how anybody verifies it."""

from api.archive.contents import Question

README = """{name} · 电子档案
Electronic archive of {name}

这是什么
  民生账本中这个组织的全部档案，截至第 {known} 号记录，状态日期 {on}，按“{role}”身份可见的范围编成。
  封存的个人信息（联系人、获奖个人姓名等）和受益人的答卷一律不在其中。

  dossier.pdf            供阅读的案卷；项目多时另有 dossier-2.pdf 等
  credit.json            信用记录
  organisation/          组织的状态和经过
  projects/编号/         每个项目的状态和经过
  attachments/           附件，以 SHA-256 命名；index.csv 是目录
  log/                   核验用：检查点、公钥，每条记录的证明和原文
  manifest.json          每个文件的大小、SHA-256 和类型；各条记录；依据和身份

怎样核验（不需要网络，也不需要相信本账本）
  minsheng-verify archive 本文件.zip --key '公钥'
  公钥应取自本档案之外，例如主管机关公布的；不给时用档案里的那一把，只能说明档案前后一致。
  核验：检查点的签名；每条记录的证明；每份原文与记录的摘要；每个附件的摘要，并有记录引用它；经过与原文一致；清单不缺不多。
  已遮盖的记录只留证明，并指明改读哪一条记录。
  案卷、信用记录和状态是由记录算出来的，日志不为它们作证：可由经过重新计算。

What this is
  All that the Minsheng Ledger holds of this organisation, as known at record no. {known}, as of {on}, as far as a
  reader in the role `{code}` may see it. Sealed personal data (contacts, names of honoured people) and what
  beneficiaries answered is never in it.

  dossier.pdf            for reading; with many projects also dossier-2.pdf and so on
  credit.json            the credit record
  organisation/          state and history of the organisation
  projects/ID/           state and history of each project
  attachments/           files, named by their SHA-256; index.csv lists them
  log/                   for verifying: checkpoint, keys, and for each record its proof and its bytes
  manifest.json          size, SHA-256 and type of every file; the records; what it rests on and whom it was made for

How to verify it (without a network, and without trusting the ledger)
  minsheng-verify archive THIS.zip --key 'KEY'
  Take the key from elsewhere, such as where the authority prints it. Without it the key in the package is taken, which
  only shows that the package agrees with itself.
  Checked are the checkpoint's signature, every proof, every record's bytes and every file against its digest, that a
  record cites each file, that the histories say what the records say, and that nothing is missing or added.
  Of a redacted record only the proof is there, and which record is read instead.
  Dossier, credit record and states are worked out from the records. The log does not vouch for them; they can be worked
  out again from the histories.
"""


def readme(name: str, asked: Question, role: str) -> bytes:
    """`role`: in Chinese."""
    told = README.format(name=name, known=asked.known, on=asked.on.isoformat(), role=role, code=asked.who.role.value)
    return told.encode()
