from tests.projections.test_runner import *
import os
def test_stress(database, writer):
    write_lives(writer, 30)
    with open_runner(database) as rebuilding:
        rebuilding.catch_up()
        with reading(database, Filter(known=head(database) - 1, q="示例")) as answers, reading(database, Filter(known=head(database) - 1, q="示例")) as b:
            import time; t=time.time(); n=0
            while time.time()-t<25:
                rebuilding.rebuild(); n+=1
    print(n, len(answers))
