"""A project's page: its milestones, its whole history, its state by the two clocks."""

import re
from datetime import date

from tests.api.pages.conftest import Site
from tests.ledger.project.given import AT, RULES, given
from tests.ledger.project.lives import TERMINATED

from api.pages.deliveries import evaluations, milestones
from api.pages.history_folds import MONEY, PHASES
from api.pages.listing_view import status_text
from api.pages.project_summary import verdict
from api.pages.reader import Reader
from api.pages.sentences import Naming
from ledger.facts import FACTS
from ledger.project.evaluation import BeneficiariesEvaluated, BeneficiaryEvaluation, Evaluated
from ledger.project.fact import ProjectFact
from ledger.project.status import Status

TITLE = "老年人日间照料"


def test_the_line_of_milestones(site: Site) -> None:
    html = site.get(f"/projects/{site.world.full}").text
    line = html[html.index('<ol class="line">') : html.index("</ol>")]
    assert line.count("<li") == 5
    assert line.count("按时报送") == 2
    # The one due on Saturday, 15 May, counts from the Monday after.
    assert (line.count("迟报 3 天"), line.count("迟报 1 天")) == (2, 1)
    assert "服务 90 人" in line
    assert "9,999" not in line
    early = site.get(f"/projects/{site.world.full}?known_at=2010-08-01").text
    assert early.count("尚未报送") == 2
    late = site.get(f"/projects/{site.world.full}?effective_on=2010-09-12").text
    assert late[late.index('<ol class="line">') :].count("尚未报送，已过期") == 1


def test_the_page_holds_the_whole_public_history(site: Site) -> None:
    html = site.get(f"/projects/{site.world.full}").text
    shown = [int(version) for version in re.findall(r'<tr id="v(\d+)"', html)]
    events = site.get(f"/v1/projects/{site.world.full}/history").json()
    assert shown == [event["version"] for event in events]
    assert "委员的话" not in html
    assert "京民服发〔2010〕1号" in html
    assert "合同1号" in html


def test_a_correction_is_marked_on_both_sides(site: Site) -> None:
    html = site.get(f"/projects/{site.world.full}").text
    voided = re.search(r'<tr id="v(\d+)" class="corrected">.*?<s>([^<]*)</s>.*?href="#v(\d+)"', html, re.DOTALL)
    assert voided
    target, sentence, correction = voided.groups()
    assert "9,999" in sentence
    assert re.search(r">更正[^<]+阶段进度表<", html)
    assert int(correction) == int(target) + 1


def test_an_honoured_person_is_named_through_the_vault(site: Site) -> None:
    html = site.get(f"/projects/{site.world.full}").text
    assert "王某，晨光助老协会" in html
    assert "先进个人" in html


def test_stories_and_media_are_told(site: Site) -> None:
    html = site.get(f"/projects/{site.world.full}").text
    assert "<h3>午饭热在桌上</h3>" in html
    link = 'href="https://news.example.org/1?a=1&amp;b=2" rel="noopener noreferrer nofollow">老人&lt;有&gt;饭吃</a>'
    assert link in html
    assert html.count("老人&lt;有&gt;饭吃") > html.count(link)
    assert "媒体报道" not in site.get(f"/projects/{site.world.full}?effective_on=2010-04-01").text.split("history")[0]


def test_evaluations_are_counted(site: Site) -> None:
    html = site.get(f"/projects/{site.world.full}").text
    assert "从 12 人中抽取 10 人，8 人答复（答复率 80%）；满意 7 人（87.5%，95% 置信区间 52.9% 至 97.8%）。" in html
    assert "网上实名评价 1 人；少于 5 人，不公布满意情况。" in html
    assert "自评良好" in html
    assert "网上某" not in html and "网上的话" not in html


def test_manual_and_missing_counts_are_shown_as_such() -> None:
    by_hand = BeneficiaryEvaluation(invited=40, answered=20, satisfied=15, conclusion="示例。")
    project = given(*AT.COMPLETION, Evaluated(evaluation=by_hand, scale=100))
    [view] = evaluations(Naming(Reader("zh"), RULES), project)
    assert view.surveys == ("发出 40 份，收回 20 份（回收率 50%），满意 15 份（满意率 75%）。",)
    nobody = BeneficiariesEvaluated(
        no_identifiable=True, frame=0, minimum_group=5, sample=None, online=None, conclusion="示例。"
    )
    [view] = evaluations(Naming(Reader("en"), RULES), given(*AT.COMPLETION, nobody))
    assert view.surveys == ("No beneficiaries' evaluation: nobody could be drawn, no beneficiary can be identified.",)


def test_what_speaks_against_a_project_stands_in_one_box(site: Site) -> None:
    html = site.get(f"/projects/{site.world.full}").text
    box = html[html.index('<section class="adverse"') :].split("</section>")[0]
    shown = re.findall(r'<li>.*?<a href="#([^"]*)">([^<]*)</a>', box)
    assert sum(place == "milestones" for place, _ in shown) == 3
    assert [text for place, text in shown if place != "milestones"] == ["作废初期（完成30%）阶段进度表：人数填错"]
    assert f"不利事实 {len(shown)} 件" in box
    assert '<section class="adverse"' not in site.get(f"/projects/{site.world.full}?known_at=2010-03-09").text


def test_money_and_people_are_bars_with_their_rows(site: Site) -> None:
    html = site.get(f"/projects/{site.world.full}?lang=en").text
    bars = re.findall(r'<li><span>([^<]*)</span> <a class="n" href="([^"]*)">([^<]*)</a> <svg.*?width="([^"]*)"', html)
    assert [(label, text, share) for label, _, text, share in bars] == [
        ("Requested", "CN¥1,234.50", "100.0"),
        ("Approved", "CN¥1,000.00", "81.0"),
        ("Contracted", "CN¥1,000.00", "81.0"),
        ("Spent", "CN¥321.00", "26.0"),
    ]
    rows = site.get(bars[0][1].split("#")[0].replace("&amp;", "&")).text
    assert "合同1号" in rows
    assert "<strong>365</strong> people served" in html


def test_history_is_folded_by_phase_and_filtered(site: Site) -> None:
    page = f"/projects/{site.world.full}"
    html = site.get(page).text
    assert re.findall(r"<summary><strong>([^<]*)</strong>", html) == [
        "项目申报",
        "审核公布",
        "项目实施",
        "项目评估",
        "总结表彰",
    ]
    assert html.count('<details class="fold" open>') == 1
    counts = {}
    for href, count in re.findall(r'<a href="([^"]*)#history"[^>]*>[^<]* (\d+)</a>', html):
        shown = site.get(href.replace("&amp;", "&")).text
        counts[href] = shown.count('<tr id="v')
        assert counts[href] == int(count)
    whole, *parts = counts.values()
    assert whole == sum(parts)
    assert site.get(f"{page}?show=nothing").status_code == 422


def test_every_module_of_facts_has_a_phase() -> None:
    modules = {type.__module__.rpartition(".")[2] for type in FACTS.values() if issubclass(type, ProjectFact)}
    assert PHASES.keys() - modules <= {"interests", "sampling", "feedback", "nominations", "proposals", "occasions"}
    assert modules >= MONEY


def test_how_it_ended_stands_first() -> None:
    ended = given(*AT.PUBLICATION, TERMINATED)
    found = verdict(Reader("zh"), ended, milestones(Naming(Reader("zh"), RULES), ended, date(2010, 9, 1)))
    assert (found.status, found.tone) == ("已终止", "late")
    assert "终止（" in found.sentences[0]
    assert status_text(Reader("zh"), Status.CLOSED, terminated=True) == "终止后结项"
    assert status_text(Reader("en"), Status.CLOSED, terminated=False) == "Completed and closed"


def test_the_two_clocks(site: Site) -> None:
    page = f"/projects/{site.world.full}"
    before = site.get(f"{page}?known_at=2010-05-09").text
    assert "截至账本第" in before
    assert "实施中" in before
    assert "王某" not in before
    applied = site.get(f"{page}?effective_on=2010-02-02").text
    assert "在 2010年2月2日 生效的内容" in applied
    assert "已申报" in applied
    assert "所选日期时尚未生效" in applied
    nothing = site.get(f"{page}?effective_on=2010-01-01").text
    assert "还没有生效的记录" in nothing
    assert TITLE in nothing
    assert site.get(f"{page}?known_at=2010-01-25").status_code == 404


def test_a_grant_shows_what_its_funder_published(site: Site) -> None:
    html = site.get(site.grant).text
    for said in ("资助记录", "A foundation", "GB-CHC-327114", "A charity", "2010年6月10日", "2010年7月1日", "£1,5"):
        assert said in html
    assert '<ol class="line">' not in html and '/answer"' not in html
