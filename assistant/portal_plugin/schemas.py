"""The shapes of the assistant's part of the public API."""

from typing import Annotated, Any, Literal, Self

from ninja import Field, Schema
from pydantic import ConfigDict, StrictBool, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from assistant.dialogue.cleaning import LONGEST
from assistant.dialogue.commands import PAYLOAD
from assistant.dialogue.prompts import PromptKind
from portal.plugin_api import ApiDay, ApiSiteCode

from .models.conversations import FeedbackReason

Trust = Literal["human", "reviewed_machine", "machine"]
AnswerStatusName = Literal[
    "answered", "clarify", "declined_out_of_scope", "declined_no_source", "form", "handed_over",
    "smalltalk", "blocked_personal_data", "blocked_injection", "rate_limited", "unavailable",
]  # fmt: skip


class AssistantMessage(Schema):
    """A question in the visitor's own words, or a button that was pressed."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["text"]}, {"required": ["payload"]}]}
    )

    text: Annotated[str, StringConstraints(max_length=LONGEST)] = Field(
        "",
        description="The question, or what `prompt` asks for. Personal data is masked before "
        "anything is kept. At most 500 characters of a question are used; of a longer letter "
        "those that ask.",
        examples=["居住证怎么办？"],
    )
    payload: Annotated[str, StringConstraints(pattern=PAYLOAD)] = Field(
        "", description="Of a button of `prompt`, instead of a text.", examples=["/confirm"]
    )
    turn: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = Field(
        None,
        description="Your name of this message. Sent again with the same name, it gets the answer "
        "that was given already; the first message of a conversation, too, if the name is a random "
        "UUID.",
    )
    conversation: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        None, description="As an earlier answer gave it, to go on with that conversation."
    )
    language: Annotated[str, StringConstraints(max_length=20)] | None = Field(
        None,
        description="The language of the answer, such as `en` or `zh-hant`; without one that of "
        "the conversation, of a new one Chinese.",
    )
    page: Annotated[str, StringConstraints(max_length=255)] | None = Field(
        None, description="The address of the page on which it is asked."
    )
    as_of: ApiDay | None = Field(
        None, description="Ask for what was in force on that day (to its end)."
    )
    site: ApiSiteCode | None = Field(
        None, description="At which site it is asked; that of the host without one."
    )
    channel: Literal["api", "widget"] = Field("api", description="For the office's figures only.")

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if not {"text", "payload"} & self.model_fields_set:
            raise PydanticCustomError("message", "Give a text or the payload of a button.")
        return self


class AssistantTranslation(Schema):
    """Who made a translation, as it was known when the answer was given; the original prevails."""

    made_by: Trust
    label: str = Field(description="The same in words, in the language of the answer.")
    reviewer: str = Field(description="The role of who reviewed it; empty where nobody is named.")
    date: str | None = Field(description="Of its release.")
    prevails: str = Field(description="That the original text prevails, in words.")
    original: str = Field(description="Address of the original; empty where it is not public.")
    original_language: str


class AssistantCitation(Schema):
    """What an answer rests on: the entry itself first, then its sources."""

    entry: str
    kind: str
    title: str
    url: str
    label: str = Field(description="Which clauses of a document.")
    passage: str
    valid_from: str | None
    valid_until: str | None
    standing: str
    trust: Trust
    translation: AssistantTranslation | None = Field(
        None, description="Of texts that are translations: who made them, and their original."
    )
    version: int | None = Field(description="The revision that was public.")
    hash: str = Field(description="SHA-256 of the text that was read.")


class AssistantCandidate(Schema):
    entry: str
    score: float
    title: str
    url: str


class AssistantChoice(Schema):
    """A question with an approved answer that may be the one that is meant."""

    entry: str
    question: str
    language: str
    topic: str
    url: str


class AssistantRelated(Schema):
    """Related official text: not the answer."""

    title: str
    label: str
    url: str
    passage: str
    valid_from: str | None
    valid_until: str | None
    kind: str


class AssistantGist(Schema):
    """What an approved text says, by a machine: beside the text, never instead of it."""

    trust: Literal["machine"]
    language: str
    title: str
    text: str


class AssistantSentence(Schema):
    text: str
    cites: list[int] = Field(description="Numbers, from 1, of the entries of `related`.")


class AssistantMachineText(Schema):
    """Written by a model from `related`; each sentence is borne out by what it cites."""

    trust: Literal["machine"]
    sentences: list[AssistantSentence]


class AssistantAction(Schema):
    kind: str
    label: str
    url: str
    detail: str


class AssistantReplacement(Schema):
    title: str
    url: str


class AssistantShownTranslation(Schema):
    """Who made a translation, in one line, and the way to its original."""

    text: str
    original: str
    original_label: str
    original_tag: str = Field(description="A language tag of the original.")


class AssistantShownSource(Schema):
    """A source with what people read of it: `mark` names what is not in force."""

    title: str
    label: str
    url: str
    passage: str
    validity: str
    mark: str
    translation: AssistantShownTranslation | None = None


class AssistantShownChoice(Schema):
    entry: int = Field(description="For `POST …/answers/{id}/choose`.")
    question: str
    tag: str = Field(description="A language tag for the question.")
    topic: str


class AssistantShownRelated(Schema):
    title: str
    label: str
    url: str
    passage: str
    validity: str


class AssistantShownAction(Schema):
    label: str
    url: str
    detail: str


class AssistantShown(Schema):
    """The answer as a widget prints it, in the language of the conversation."""

    heading: str
    title: str = Field(description="The approved question that was answered.")
    owner: str
    text: str = Field(description="What the assistant itself says; empty with an approved text.")
    html: str = Field(description="The approved text; `#source-…-1` leads to the first source.")
    language: str = Field(description="A language tag for title and html.")
    direction: Literal["ltr", "rtl"]
    trust: str
    translation: AssistantShownTranslation | None = Field(
        None, description="Of an approved text that is a translation."
    )
    notes: list[str]
    validity: str
    mark: str
    state: str = Field(description="A sentence about an answer that no longer holds.")
    replaced_by: AssistantReplacement | None
    sources: list[AssistantShownSource]
    choices: list[AssistantShownChoice]
    related: list[AssistantShownRelated]
    actions: list[AssistantShownAction] = Field(description="What was made for the visitor.")
    card: str = Field(
        "", description="Address of the answer as a bilingual card; empty where there is none."
    )
    needs_person: bool
    has_feedback: bool
    useful: bool | None
    plain: str = Field(description="Question, answer and sources as plain text, to be copied.")


class AssistantAnswer(Schema):
    id: str | None = Field(description="The receipt's id; none for an answer that was not kept.")
    status: AnswerStatusName
    text: str = Field(description="An approved text word for word, or what the assistant says.")
    language: str = Field(description="The language of `text`.")
    trust: Trust
    entry: str | None
    title: str
    as_of: str | None
    citations: list[AssistantCitation]
    candidates: list[AssistantCandidate]
    choices: list[AssistantChoice]
    suggestions: list[str]
    related: list[AssistantRelated]
    gist: AssistantGist | None
    machine: AssistantMachineText | None
    actions: list[AssistantAction]
    notes: list[str]
    mode: str = Field(
        description="`full`, `lexical` or `database`; empty where nothing is searched."
    )
    confidence: float
    shown: AssistantShown
    receipt: str | None


class AssistantButton(Schema):
    title: str
    payload: str = Field(description="To be sent as `payload` of the next message.")


class AssistantFilled(Schema):
    label: str
    value: str
    field: str


class AssistantStep(Schema):
    form: str
    title: str
    number: int
    count: int


class AssistantPrompt(Schema):
    """What the assistant waits for; something else may always be written instead."""

    kind: PromptKind
    field: str
    question: str = Field(description="What is asked, unless it is the text of the answer.")
    hint: str
    buttons: list[AssistantButton]
    review: list[AssistantFilled]
    step: AssistantStep | None
    longest: int = Field(description="Characters; 0: as many as any message.")
    secret: bool = Field(description="A key, such as a letter's code; it is kept nowhere.")
    can_skip: bool
    can_stop: bool


class AssistantNotice(Schema):
    """An answer that no longer holds."""

    answer: str = Field(description="The id of its receipt.")
    title: str
    text: str = Field(description="A sentence about what became of it.")
    url: str = Field(description="What holds now; the receipt where nothing takes its place.")
    new_title: str
    since: str = Field(description="With `answer`: which change a visitor has put away.")


class AssistantReply(Schema):
    conversation: str | None
    turn: str = Field(description="The name of the message, as you gave it.")
    language: str = Field(description="Of the conversation from now on.")
    answer: AssistantAnswer
    prompt: AssistantPrompt | None
    notices: list[AssistantNotice]
    dialogue: Literal["single-turn", "rasa"] = Field(
        description="`rasa`: led through forms; `single-turn`: each message stands for itself."
    )
    took_ms: int


class AssistantTurn(Schema):
    """A message of a conversation and its answer."""

    question: str = Field(description="Without personal data; of a button its title.")
    turn: str
    asked_at: str
    answer: AssistantAnswer
    prompt: AssistantPrompt | None
    notices: list[AssistantNotice] = Field(description="What was told with this answer.")


class AssistantConversation(Schema):
    """A conversation from its beginning; the last turn's `prompt` is what is waited for."""

    conversation: str
    language: str
    turns: list[AssistantTurn]


class AssistantReceiptState(Schema):
    state: Literal[
        "valid", "superseded", "no_longer_in_force", "source_amended", "not_applicable"
    ] = Field(
        description="`source_amended`: the text is still the approved one, but what it rests on "
        "reads differently now."
    )
    since: str | None
    replaced_by: AssistantReplacement | None


class AssistantReceipt(Schema):
    """An answer as it was given, and how it stands now."""

    id: str
    question: str = Field(description="Without personal data.")
    asked_at: str
    status: AnswerStatusName
    text: str
    language: str
    trust: Trust
    entry: str | None
    title: str
    version: int | None
    hash: str = Field(description="SHA-256 of `text`.")
    is_unaltered: bool = Field(description="Whether `text` still has the hash it was given with.")
    number: str = Field(description="Ten digits by which the hotline finds the receipt.")
    feed: str = Field(description="An Atom feed that tells when the answer no longer holds.")
    as_of: str | None
    citations: list[AssistantCitation]
    state: AssistantReceiptState


class AssistantRecallQuery(Schema):
    """What a browser kept of earlier visits."""

    receipts: list[Annotated[str, StringConstraints(max_length=64)]] = Field(
        [], max_length=20, description="Ids of receipts."
    )
    conversation: Annotated[str, StringConstraints(max_length=64)] | None = None
    language: Annotated[str, StringConstraints(max_length=20)] | None = Field(
        None, description="The language of the notices; Chinese without one."
    )

    @model_validator(mode="before")
    @classmethod
    def is_object(cls, sent: Any) -> Any:
        """Ninja takes anything for an object without fields, and all of these may be missing."""
        if not isinstance(getattr(sent, "_obj", sent), dict):
            raise ValueError("an object is expected")
        return sent


class AssistantRecalls(Schema):
    notices: list[AssistantNotice]


class AssistantConversationExport(Schema):
    """Everything that is held, as it is stored."""

    conversation: str
    exported_at: str
    site: str | None
    language: str
    channel: str
    started_at: str | None
    last_at: str | None
    answers: list[dict[str, Any]]
    elsewhere: dict[str, Any] = Field(
        description="What other parts of the portal hold of it, such as the dialogue's memory."
    )


class AssistantForgotten(Schema):
    forgotten: int = Field(description="How many answers were deleted.")


class AssistantFeedback(Schema):
    useful: StrictBool
    reason: FeedbackReason | None = Field(None, description="Why it was of no use.")
    comment: Annotated[str, StringConstraints(max_length=2000)] = ""


class AssistantFeedbackKept(Schema):
    useful: bool
    reason: str


def as_problem(status: int, title: str, detail: str, **more: Any) -> dict[str, Any]:
    """A problem detail after RFC 9457, for answers that carry more than the portal's own."""
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
