"""What is typed about invoices and money."""

from .customers import QuestionForm, SendAllForm, SendForm, SettleForm, WriteOffForm
from .money import (
    NOTHING,
    AnswerForm,
    CreditForm,
    CustomerForm,
    DayField,
    DifferenceForm,
    MappingForm,
    MoneyField,
    OnceForm,
    PaymentForm,
    ReasonForm,
    RefundForm,
    SharesForm,
    UploadForm,
    billed_customers,
    business_day,
)
from .rates import RateForm, RatesFileForm

__all__ = [
    "AnswerForm",
    "CreditForm",
    "CustomerForm",
    "DayField",
    "DifferenceForm",
    "MappingForm",
    "MoneyField",
    "NOTHING",
    "OnceForm",
    "PaymentForm",
    "QuestionForm",
    "RateForm",
    "RatesFileForm",
    "ReasonForm",
    "RefundForm",
    "SendAllForm",
    "SendForm",
    "SettleForm",
    "SharesForm",
    "UploadForm",
    "WriteOffForm",
    "billed_customers",
    "business_day",
]
