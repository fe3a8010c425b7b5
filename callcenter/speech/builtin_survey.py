"""What callers hear who are asked, after the call, how it was. Pure."""

from __future__ import annotations

from typing import Final

SURVEY: Final[dict[str, dict[str, str]]] = {
    "survey-score-keys": {
        "en": "Press a key from 1, very bad, to 5, very good.",
        "ru": "Нажмите клавишу от 1, очень плохо, до 5, отлично.",
        "pl": "Wybierz klawisz od 1, bardzo źle, do 5, bardzo dobrze.",
    },
    "survey-yesno-keys": {
        "en": "For yes, press 1. For no, press 2.",
        "ru": "Да — нажмите 1. Нет — нажмите 2.",
        "pl": "Tak, wybierz 1. Nie, wybierz 2.",
    },
    "survey-wrong-key": {
        "en": "This key has no meaning here.",
        "ru": "Такого варианта нет.",
        "pl": "Nie ma takiej opcji.",
    },
    "survey-comment-offer": {
        "en": "To tell us more in your own words, press 1. Otherwise you may hang up.",
        "ru": "Чтобы добавить несколько слов, нажмите 1. Или просто положите трубку.",
        "pl": "Aby dodać kilka słów, wybierz 1. W przeciwnym razie możesz się rozłączyć.",
    },
    "survey-comment-tone": {
        "en": "Please speak after the tone. When you are done, hang up.",
        "ru": "Говорите после сигнала. В конце положите трубку.",
        "pl": "Mów po sygnale. Na koniec rozłącz się.",
    },
    "survey-thanks": {
        "en": "Thank you for your answer. Goodbye.",
        "ru": "Спасибо за ответ. До свидания.",
        "pl": "Dziękujemy za odpowiedź. Do widzenia.",
    },
}
