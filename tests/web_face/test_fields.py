"""Form fields: labels, hints and errors are tied to their control; people's text stays data."""

from django import forms

from tests.web_face.conftest import Show


def test_text_input_ties_hint_and_error_to_the_control(show: Show) -> None:
    page = show('{{ krds.text_input("a", "a", "이름", "값", "도움말", "고쳐 주세요.", true) }}')

    control = page.select_one("input#a")
    assert control is not None
    assert page.select_one("label[for=a]") is not None
    assert control["aria-describedby"] == "a-hint a-error"
    assert control["aria-invalid"] == "true"
    assert control.has_attr("required")
    assert page.select_one(".form-conts.is-error") is not None
    assert page.select_one("#a-error.form-hint-invalid").get_text().endswith("고쳐 주세요.")  # type: ignore[union-attr]


def test_field_without_error_claims_none(show: Show) -> None:
    control = show('{{ krds.text_input("a", "a", "이름") }}').select_one("input")

    assert control is not None
    assert not control.has_attr("aria-invalid")
    assert not control.has_attr("aria-describedby")


def test_text_from_people_is_never_html(show: Show) -> None:
    nasty = '"><script>alert(1)</script>'

    page = show(
        '{{ krds.text_input("a", "a", x, x, x, x) }}{{ krds.textarea("b", "b", x, x) }}{{ krds.notice("info", x, x) }}'
        '{{ krds.select("c", "c", x, [(x, x)], x) }}{{ krds.table([x], [[x]], x) }}{{ krds.card(x) }}'
        '{{ krds.status("done", x) }}{{ krds.board([{"label": x, "cards": [{"title": x, "note": x}]}], x) }}',
        x=nasty,
    )

    assert page.select("script") == []
    assert page.select_one("input")["value"] == nasty  # type: ignore[index]


def test_money_input_shows_marks_and_a_reading_aid(show: Show) -> None:
    page = show('{{ krds.money_input("a", "a", "국비", 3300000000) }}')

    assert page.select_one("input")["value"] == "3,300,000,000"  # type: ignore[index]
    assert page.select_one("output").get_text() == "33억"  # type: ignore[union-attr]


def test_radio_group_has_a_legend_and_the_chosen_value(show: Show) -> None:
    page = show(
        '{{ krds.radio("k", "k", "종류", [("cash", "현금"), ("in_kind", "현물", "설명")], "in_kind") }}'
    )

    assert page.select_one("fieldset legend").get_text() == "종류"  # type: ignore[union-attr]
    assert [one["value"] for one in page.select("input[checked]")] == ["in_kind"]
    assert page.select_one("#k-2")["aria-describedby"] == "k-2-hint"  # type: ignore[index]


def test_select_groups_its_options(show: Show) -> None:
    page = show(
        '{{ krds.select("r", "r", "지역", [("광역시", [("1", "가"), ("2", "나")]), ("3", "다")], "2") }}'
    )

    assert page.select_one("optgroup")["label"] == "광역시"  # type: ignore[index]
    assert [one.get_text() for one in page.select("option[selected]")] == ["나"]
    assert len(page.select("option")) == 3


class Sample(forms.Form):
    name = forms.CharField(label="이름", max_length=20, help_text="적힌 그대로")
    secret = forms.CharField(label="비밀번호", widget=forms.PasswordInput)
    opinion = forms.CharField(label="의견", widget=forms.Textarea, max_length=100)
    kind = forms.ChoiceField(label="종류", choices=[("a", "가"), ("b", "나")])
    way = forms.ChoiceField(label="방식", choices=[("a", "가"), ("b", "나")], widget=forms.RadioSelect)
    areas = forms.MultipleChoiceField(
        label="분야", choices=[("x", "엑스"), ("y", "와이")], widget=forms.CheckboxSelectMultiple
    )
    day = forms.DateField(label="날짜")
    agree = forms.BooleanField(label="동의")
    plan = forms.FileField(label="계획서")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_django_form_fields_find_their_macro(show: Show) -> None:
    form = Sample(
        {"name": "가나", "kind": "b", "way": "b", "areas": ["y"], "day": "2030-01-01", "token": "t"}
    )

    page = show(
        "{{ krds.form_errors(form) }}{% for one in form %}{{ krds.field(one) }}{% endfor %}", form=form
    )

    assert page.select_one("input#id_name")["value"] == "가나"  # type: ignore[index]
    assert page.select_one("input#id_name")["maxlength"] == "20"  # type: ignore[index]
    assert page.select_one("textarea#id_opinion")["maxlength"] == "100"  # type: ignore[index]
    assert page.select_one("select#id_kind option[selected]")["value"] == "b"  # type: ignore[index]
    assert page.select_one("input[name=way][checked]")["value"] == "b"  # type: ignore[index]
    assert [one["value"] for one in page.select("input[name=areas][checked]")] == ["y"]
    assert page.select_one("input#id_plan")["type"] == "file"  # type: ignore[index]
    assert page.select_one("input#id_token")["type"] == "hidden"  # type: ignore[index]
    links = [one["href"] for one in page.select("[data-error-summary] a")]
    assert links == ["#id_secret", "#id_opinion", "#id_agree", "#id_plan"]
    assert all(page.select_one(str(link)) is not None for link in links)


def test_password_never_goes_back_into_the_page(show: Show) -> None:
    form = Sample({"secret": "s3cret-words"})

    page = show('{{ krds.field(form["secret"]) }}', form=form)

    assert "s3cret-words" not in str(page)
