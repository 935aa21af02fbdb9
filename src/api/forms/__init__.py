"""The forms that officials work with on paper, as PDF on A4: 申报表, 进度表, 合同, 汇总表."""
