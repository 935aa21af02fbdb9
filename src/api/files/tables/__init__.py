"""Tables that officials and organisations work with in Excel: applications 申报表 and progress 进度表."""
