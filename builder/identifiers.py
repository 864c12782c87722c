"""What can tell who a story is about: the rules of the anonymity check, as data.

A pattern is read by Python's `re` and by JavaScript's `RegExp` (flag `u`) alike: only literals,
explicit character classes, numbered groups and fixed-width lookbehinds; no `\\d`, `\\w`, `\\b` or
case flag, which the two understand differently. No repetition holds another of the same
characters, so that no text takes long. Patterns read a paragraph whose spaces are ordinary spaces,
whose apostrophes are straight and whose hyphens are plain (`privacy.prepare`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from builder.problems import Severity


class Rule(NamedTuple):
    """A kind of identifier: what it is called, why it identifies, what to write instead."""

    id: str
    label: str
    why: str
    instead: str
    severity: Severity


class Form(NamedTuple):
    """Something that is known by its form.

    `digits`: how many digits there must be in a paragraph, `hints` and `words`: one of the signs
    or whole words that must be there, for the pattern to be worth trying.
    `control` names a further test: « luhn » (the digits of the match add up as those of a social
    insurance number do), « person » (the last group is a name that the lists know).
    """

    rule: str
    pattern: str
    digits: int = 0
    hints: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    control: str = ""


#: In order: of two findings at the same place, the first rule speaks.
RULES: Final = (
    Rule(
        "numero-assurance-maladie",
        "numéro d'assurance maladie",
        "il ne sert qu'à une personne, et dit sa date de naissance",
        "écrivez « sa carte d'assurance maladie », sans le numéro",
        "error",
    ),
    Rule(
        "numero-assurance-sociale",
        "numéro d'assurance sociale",
        "il ne sert qu'à une personne",
        "écrivez « son numéro d'assurance sociale », sans les chiffres",
        "error",
    ),
    Rule(
        "courriel",
        "adresse de courriel ou nom d'utilisateur",
        "elle mène droit à une personne",
        "écrivez « par courriel » ou « en ligne »",
        "error",
    ),
    Rule(
        "adresse-web",
        "adresse Web",
        "une page peut nommer une personne ou un organisme",
        "dites ce qu'on y trouve : « une annonce », « sa page »",
        "error",
    ),
    Rule(
        "telephone",
        "numéro de téléphone",
        "il mène droit à une personne ou à un organisme",
        "écrivez « son numéro » ou « mon cellulaire »",
        "error",
    ),
    Rule(
        "adresse",
        "adresse",
        "elle dit où la personne habite",
        "écrivez « chez elle », « l'immeuble » ou « une rue passante »",
        "error",
    ),
    Rule(
        "code-postal",
        "code postal",
        "il ne couvre souvent que quelques portes",
        "retirez-le, ou écrivez « son quartier »",
        "error",
    ),
    Rule(
        "date-precise",
        "date précise ou naissance",
        "une date exacte se recoupe avec un dossier, un bail ou une nouvelle",
        "écrivez « un mardi de mars », « l'hiver dernier » ; l'année seule est permise",
        "error",
    ),
    Rule(
        "numero-de-dossier",
        "numéro de dossier, de compte ou de plaque",
        "qui a accès au registre retrouve la personne",
        "écrivez « son dossier », sans le numéro",
        "error",
    ),
    Rule(
        "civilite-et-nom",
        "civilité suivie d'un nom",
        "un nom, même seul, désigne quelqu'un dans un milieu où tout le monde se connaît",
        "écrivez « M. X », « Mme X », ou un rôle : « la voisine », « le concierge »",
        "error",
    ),
    Rule(
        "date-partielle",
        "date sans année, ou mois et année",
        "avec le lieu ou l'événement, un jour suffit à retrouver qui c'était",
        "écrivez « au début du mois », « un jeudi d'automne »",
        "warning",
    ),
    Rule(
        "porte-ou-chambre",
        "numéro de porte ou de chambre",
        "avec l'immeuble, il désigne une seule personne",
        "écrivez « au bout du corridor », « un étage plus haut »",
        "warning",
    ),
    Rule(
        "grand-age",
        "âge de 90 ans ou plus",
        "à cet âge, peu de gens du quartier peuvent être la personne",
        "écrivez « très âgée », « plus de quatre-vingts ans »",
        "warning",
    ),
    Rule(
        "nom-de-personne",
        "nom ou prénom",
        "un prénom et un immeuble suffisent souvent à reconnaître quelqu'un",
        "écrivez « M. X », « elle », ou un rôle : « la voisine » ; un prénom inventé se déclare "
        "dans « allowed_names »",
        "warning",
    ),
    Rule(
        "lieu",
        "nom de lieu",
        "un lieu resserre le cercle des personnes possibles",
        "écrivez « le quartier », « une petite ville », « le parc »",
        "warning",
    ),
    Rule(
        "organisme",
        "nom d'organisme, d'établissement ou d'employeur",
        "il dit qui suit la personne, ou qui raconte",
        "écrivez « un refuge », « l'hôpital », « son employeur »",
        "warning",
    ),
    Rule(
        "nom-propre",
        "mot à majuscule, peut-être un nom",
        "un nom propre peut désigner une personne, un lieu ou un organisme",
        "dites ce que c'est sans le nommer, ou déclarez-le dans « allowed_names »",
        "warning",
    ),
)

#: Letters, digits and spaces in another dress: superscripts, in circles, of mathematics, wide ones.
#: Unicode's compatibility form (NFKC) undresses them.
DRESSED: Final = (
    "\u00b2\u00b3\u00b9\u02b0-\u02b8\u1d2c-\u1d6a\u2000-\u200a\u205f\u2070-\u209c\u2102-\u2115"
    "\u2119-\u211d\u2124\u3000\u212a-\u2134\u2139\u2160-\u217f\u2460-\u24ea\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff"
    "\U0001f100-\U0001f189"
)
#: Letters of other scripts that look like ours, signs that stand for a plain one; then ours.
LOOKALIKES: Final = (
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
    "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425"
    "\u0423\u03b1\u03b9\u03bf\u03bd\u03c1\u03c5\u03c7\u0391\u0392\u0395\u0396\u0397\u0399"
    "\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u00b7\u2027\u2219\u22c5\u2024\u2212"
    "\ufe63\ufe6b"
)
PLAIN: Final = "aceopxyijshdqwABCEHIJKMOPSTXYaiovpuxABEZHIKMNOPTYX.....--@"
#: The zeros of the scripts that have digits of their own; the other nine follow each.
ZEROS: Final = (
    "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0de6\u0e50"
    "\u0ed0\u0f20\u1040\u1090\u17e0\u1810\u1946\u19d0\u1a80\u1a90\u1b50\u1bb0\u1c40\u1c50"
    "\ua620\ua8d0\ua900\ua9d0\ua9f0\uaa50\uabf0"
)
#: What is put on a sign: an accent, when it makes a letter of it; otherwise a disguise.
MARKS: Final = "\u0300-\u036f\u20d0-\u20ff"

LETTER: Final = "A-Za-zÀ-ÖØ-öø-ž\u0300-\u036f"
UPPER: Final = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶŁĻŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŸŹŻŽ"
_NOT_INSIDE: Final = f"(?<![0-9{LETTER}])"
_ENDS: Final = f"(?![0-9{LETTER}])"
_NAME: Final = f"[{UPPER}][{LETTER}'-]*"
_SMALL_NAME: Final = f"([a-zà-öø-ÿ][{LETTER}-]{{2,30}})(?![{LETTER}'])"


def _either(*words: str) -> str:
    """Match any of these, with a small or a capital first letter."""
    return "(?:" + "|".join(_first_letter(word) for word in words) + ")"


def _first_letter(word: str) -> str:
    small, large = word[0], word[0].upper()
    return f"[{large}{small}]{word[1:]}" if small != large else word


_MONTHS: Final = (
    "janvier", "février", "fevrier", "mars", "avril", "mai", "juin", "juillet", "août", "aout",
    "septembre", "octobre", "novembre", "décembre", "decembre",
)  # fmt: skip
_SHORT_MONTHS: Final = ("janv", "févr", "fév", "avr", "juil", "sept", "oct", "nov", "déc")
_MONTH: Final = f"(?:{_either(*_MONTHS)}|{_either(*_SHORT_MONTHS)}\\.?)"
_NUMERALS: Final = (
    "premier", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt",
    "vingt et un", "vingt-et-un", "vingt-deux", "vingt-trois", "vingt-quatre", "vingt-cinq",
    "vingt-six", "vingt-sept", "vingt-huit", "vingt-neuf", "trente", "trente et un",
    "trente-et-un",
)  # fmt: skip
_DAY_NUMBER: Final = "(?:0?[1-9]|[12][0-9]|3[01])(?:er)?"
_DAY: Final = f"{_DAY_NUMBER}|{_either(*_NUMERALS)}"
_YEAR: Final = "(?:19|20)[0-9]{2}"
#: One word ahead, the beginning of a month: quicker to refuse than all the numerals.
_BEFORE_MONTH: Final = (
    "(?=[A-Za-z-]{2,16}(?: et un)? "
    "(?:[Jj]an|[Ff][ée]v|[Mm]a[ri]|[Aa]vr|[Jj]ui|[Aa]o[ûu]|[Ss]ep|[Oo]ct|[Nn]ov|[Dd][ée]c))"
)
#: Days that all of Québec shares tell nothing of anyone: feasts, the first of the month (rent is
#: due), the last of the leases.
_SHARED_DAYS: Final = (
    "(?!(?:1er|1|[Pp]remier) |(?:30|trente) juin|(?:14|quatorze) f[ée]vrier|(?:8|huit) mars|"
    "(?:24|vingt-quatre) (?:juin|d[ée]cembre)|(?:25|vingt-cinq) d[ée]cembre|"
    "(?:31|trente et un|trente-et-un) (?:d[ée]cembre|octobre))"
)
_D: Final = "(?:0?[1-9]|[12][0-9]|3[01])"
_M: Final = "(?:0?[1-9]|1[0-2])"

_STREET: Final = _either(
    "rue", "avenue", "av\\.", "ave\\.?", "boulevard", "boul\\.?", "blvd\\.?", "bd"
)  # fmt: skip
_WAY: Final = _either(
    "chemin", "ch\\.", "rang", "côte", "montée", "place", "allée", "croissant", "impasse", "ruelle",
    "carré", "terrasse", "promenade", "route", "rte", "square", "cours", "passage", "autoroute",
)  # fmt: skip
_OF: Final = "(?:de la |de l'|des |du |de |d'|la |le |les |l')?"
_CIVIC: Final = f"{_NOT_INSIDE}(?<![0-9][.,])[0-9]{{1,5}}(?:-[0-9]{{1,5}})?(?:[ -]?[A-Z])?,? "
#: What may follow « 2 rue » when it is not a name: « à une rue d'ici ».
_NO_STREET_NAME: Final = "(?!(?:plus|à|au|et|ou|où|d'ici|de chez|de là|de distance|après|avant) )"

_UNITS: Final = (
    "(?! ?(?:fois|minutes?|min|secondes?|heures?|h|jours?|nuits?|soirs?|semaines?|mois|ans?|"
    "années?|pièces?|personnes?|gars|gens|filles?|lits?|places?|pieds|mètres?|km|pouces|"
    "dollars?|piasses?|cennes?|coups?|étages?|et demie?|1/2|½|%|[$]|,[0-9]|\\.[0-9]|/[0-9])"
    f"(?![{LETTER}]))"
)
_DOOR: Final = _either(
    "appartement", "appart", "appt?\\.?", "apt\\.?", "logement", "unité", "porte",
    "chambre", "local", "suite", "casier", "condo", "studio", "lit", "bureau",
)  # fmt: skip
_NEIGHBOUR: Final = _either(
    "dame", "madame", "monsieur", "homme", "femme", "gars", "fille", "jeune", "voisin", "voisine",
    "voisins", "locataire", "locataires", "couple", "gens", "celui", "celle", "ceux", "bonhomme",
    "personne", "famille", "porte", "cogner", "cogne", "cogné", "monde",
)  # fmt: skip
_NUMBERED: Final = _either(
    "dossier", "matricule", "usager", "usagère", "client", "cliente", "no", "n°", "nº", "numéro",
    "numero", "réf\\.?", "référence", "compte", "permis", "carte", "NAS", "NAM", "RAMQ", "police",
    "constat", "contrat", "bail", "folio", "transit", "réclamation", "facture", "passeport",
    "assurance sociale", "assurance maladie", "CP12",
)  # fmt: skip
#: A year, or a quantity of a few thousand, is no number of a file.
_NO_COUNT: Final = f"(?!{_YEAR}(?![ .-]?[0-9])|[0-9]{{1,3}} [0-9]{{3}}(?![0-9]|[ .-][0-9]))"
_TITLE: Final = (
    "(?:M\\.|MM\\.|[Mm]r\\.?|[Mm]mes?\\.?|[Mm]lles?\\.?|Me|Dr\\.?|Dre\\.?|dr\\.?|dre|[Mm]onsieur|"
    "[Mm]adame|[Mm]ademoiselle|[Dd]octeure?|[Mm]aître|[Mm]essieurs|[Mm]esdames)"
)

_STREET_HINTS: Final = ("rue", "Rue", "av", "Av", "boul", "Boul", "blvd", "Blvd", "bd", "Bd")
_WAY_HINTS: Final = (
    "hemin", "ch.", "Ch.", "rang", "Rang", "ôte", "ontée", "lace", "llée", "roissant", "mpasse",
    "uelle", "arré", "errasse", "romenade", "oute", "rte", "Rte", "quare", "ours", "assage",
)  # fmt: skip
_TITLES: Final = (
    "M", "MM", "Mr", "mr", "Mme", "Mmes", "mme", "mmes", "Mlle", "Mlles", "mlle", "mlles",
    "Me", "Dr", "dr", "Dre", "dre", "Monsieur", "monsieur", "Madame", "madame", "Mademoiselle",
    "mademoiselle", "Docteur", "docteur", "Docteure", "docteure", "Maître", "maître", "Messieurs",
    "messieurs", "Mesdames", "mesdames",
)  # fmt: skip
_BORN: Final = ("né", "née", "nés", "nées", "Né", "Née", "Nés", "Nées", "naissance", "Naissance")
_MONTH_WORDS: Final = tuple(form for month in _MONTHS for form in (month, month.capitalize()))

FORMS: Final = (
    Form(
        "numero-assurance-maladie",
        f"{_NOT_INSIDE}[A-Za-z]{{4}}[ .-]?[0-9]{{2}}[ .-]?"
        "(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])[ .-]?(?:0[1-9]|[12][0-9]|3[01])[ .-]?[0-9]{2}"
        f"{_ENDS}",
        digits=8,
    ),
    Form(
        "numero-assurance-sociale",
        f"{_NOT_INSIDE}(?<![0-9][ .-])(?!000)[0-9]{{3}}[ .-]?[0-9]{{3}}[ .-]?[0-9]{{3}}"
        f"{_ENDS}(?! ?[$]| ?[.-]?[0-9])",
        control="luhn",
        digits=9,
    ),
    Form(
        "courriel",
        "(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}(?:@| ?[(\\[]at?[)\\]] ?| arobase )"
        "[A-Za-z0-9-]{1,63}(?:(?:\\.| point )[A-Za-z0-9-]{1,63}){1,5}",
        hints=("@", "arobase", "(", "["),
    ),
    Form("courriel", "(?<![A-Za-z0-9@._%+-])@[A-Za-z0-9_][A-Za-z0-9_.]{2,30}", hints=("@",)),
    Form("adresse-web", '(?:https?://|www\\.)[^ \\n<>«»"]{3,200}', hints=("http", "www.")),
    Form(
        "adresse-web",
        "(?<![A-Za-z0-9@._-])(?:[A-Za-z0-9-]{1,40}\\.){0,4}"
        "[A-Za-z0-9-]{2,40}\\.(?:com|ca|org|net|quebec|info)/"
        '[^ \\n<>«»"]{1,200}',
        hints=("/",),
    ),
    Form(
        "telephone",
        "(?<![0-9A-Za-z])(?<![0-9][.-])(?:\\+? ?1[ .-]?)?\\(?[2-9][0-9]{2}\\)?[ ./-]{0,3}"
        "[2-9][0-9]{2}[ .-]{0,3}[0-9]{4}(?![0-9])(?:(?:,? poste| ext\\.?) [0-9]{1,6})?",
        digits=10,
    ),
    Form("telephone", "(?<![0-9A-Za-z-])[2-9][0-9]{2}-[0-9]{4}(?![0-9-]| ?[$])", digits=7),
    Form(
        "telephone",
        f"{_NOT_INSIDE}[Pp]oste (?:téléphonique )?[0-9]{{3,6}}{_ENDS}",
        digits=3,
        hints=("oste ",),
    ),
    Form(
        "adresse",
        f"{_CIVIC}{_OF}{_STREET} {_NO_STREET_NAME}{_OF}[0-9{LETTER}][0-9{LETTER}'-]*"
        f"(?: {_OF}{_NAME}){{0,4}}",
        digits=1,
        hints=_STREET_HINTS,
    ),
    Form(
        "adresse",
        f"{_CIVIC}{_OF}{_WAY} {_OF}{_NAME}(?: {_OF}{_NAME}){{0,4}}",
        digits=1,
        hints=_WAY_HINTS,
    ),
    Form(
        "adresse",
        f"{_CIVIC}[0-9]{{1,3}}(?:re|e|ère|ième) (?:[Rr]ue|[Aa]venue|[Rr]ang){_ENDS}",
        digits=2,
        hints=("e rue", "e Rue", "e avenue", "e Avenue", "e rang", "e Rang"),
    ),
    Form(
        "adresse",
        f"{_NOT_INSIDE}(?:[Aa]u|[Ll]e|du|[Hh]abite|[Aa]dresse :) "
        "(?!(?:211|311|511|811|911|988|[0-9]+,? (?:Watts|Km))(?![0-9]))"
        f"[0-9]{{2,5}}[A-Z]?,? {_OF}(?!{_MONTH}){_NAME}(?: {_OF}{_NAME}){{0,3}}",
        digits=2,
    ),
    Form(
        "code-postal",
        f"{_NOT_INSIDE}[ABCEGHJ-NPRSTVXYabceghj-nprstvxy][0-9][ABCEGHJ-NPRSTV-Zabceghj-nprstv-z]"
        f"[ -]?[0-9][ABCEGHJ-NPRSTV-Zabceghj-nprstv-z][0-9]{_ENDS}",
        digits=3,
    ),
    Form("code-postal", f"{_NOT_INSIDE}[GHJ][0-9][ABCEGHJ-NPRSTV-Z]{_ENDS}", digits=1),
    Form(
        "date-precise",
        f"{_NOT_INSIDE}(?:{_DAY})[ -]{_MONTH},?[ -](?:de l'an |de l'année )?{_YEAR}{_ENDS}",
        digits=4,
    ),
    Form("date-precise", f"{_NOT_INSIDE}{_MONTH} {_D},? {_YEAR}{_ENDS}", digits=5),
    Form(
        "date-precise",
        f"(?<![0-9/.-]){_YEAR}(?:/{_M}/{_D}|-{_M}-{_D}|\\.{_M}\\.{_D})(?![0-9]|[/.-][0-9])",
        digits=6,
    ),
    Form(
        "date-precise",
        f"(?<![0-9/.-])(?:{_D}/{_M}/|{_M}/{_D}/|{_D}-{_M}-|{_M}-{_D}-|{_D}\\.{_M}\\.)"
        "(?:(?:19|20)?[0-9]{2})(?![0-9]|[/.-][0-9])",
        digits=4,
    ),
    Form(
        "date-precise",
        f"{_NOT_INSIDE}(?:[Nn]ée?s?|[Nn]aissance) (?:le|en|au mois de) "
        f"(?:{_MONTH}|(?:{_DAY}) {_MONTH}|{_YEAR}|[0-9]{{1,2}}[ /.-][0-9]{{1,2}}){_ENDS}",
        words=_BORN,
    ),
    Form(
        "numero-de-dossier",
        f"{_NOT_INSIDE}{_NUMBERED}(?: (?:numéro|no|n°|d'usager|de dossier|de client|d'employé|"
        "de compte|d'assurance|de permis|sociale|maladie|est|était|c'est|le)){0,3}"
        f"(?: (?:chez|de|à|d')? ?{_NAME})?"
        f" ?:? ?#?[A-Z]{{0,4}}[ -]?{_NO_COUNT}[0-9](?:[ .-]?[0-9]){{3,19}}"
        f"[A-Z]?{_ENDS}(?! ?[$]| (?:dollars|piasses))",
        digits=4,
    ),
    Form(
        "numero-de-dossier",
        f"{_NOT_INSIDE}[0-9]{{2,3}}[ -][0-9]{{6}}[ -][0-9]{{3}}[A-Z]?{_ENDS}",
        digits=11,
    ),
    Form(
        "numero-de-dossier",
        f"{_NOT_INSIDE}[Pp]laque(?: d'immatriculation)?(?: est| :|,? c'est)? ?"
        "(?=[A-Z ]{0,4}[0-9])"
        f"[A-Z0-9]{{3}}[ -]?[A-Z0-9]{{3,4}}{_ENDS}",
        digits=1,
        hints=("laque",),
    ),
    Form(
        "numero-de-dossier",
        f"{_NOT_INSIDE}[0-9]{{4}}[ -][0-9]{{4}}[ -][0-9]{{4}}[ -][0-9]{{4}}{_ENDS}",
        digits=16,
    ),
    Form(
        "numero-de-dossier", f"{_NOT_INSIDE}[A-Z]{{0,4}}-?[0-9]{{7,20}}{_ENDS}(?! ?[$])", digits=7
    ),
    Form(
        "civilite-et-nom",
        f"{_NOT_INSIDE}{_TITLE} (?!(?:X|Tout|Untel|Unetelle|Chose|M\\.|Mme|Madame|Monsieur)"
        f"(?![{LETTER}]))"
        f"(?:le |la |de )?{_NAME}(?: (?:de |d')?{_NAME}){{0,3}}",
        words=_TITLES,
    ),
    Form(
        "civilite-et-nom",
        f"{_NOT_INSIDE}(?:mr\\.?|[Mm]me|[Mm]adame|[Mm]onsieur|[Mm]lle|dr\\.?|M\\.) {_SMALL_NAME}",
        words=_TITLES,
        control="person",
    ),
    Form(
        "civilite-et-nom",
        f"{_NOT_INSIDE}m\\. {_SMALL_NAME}",
        hints=("m. ",),
        control="person",
    ),
    Form(
        "date-partielle",
        f"{_NOT_INSIDE}(?=[0-9]){_SHARED_DAYS}{_DAY_NUMBER} {_MONTH}(?![0-9{LETTER}])",
        digits=1,
    ),
    Form(
        "date-partielle",
        f"(?<![0-9{LETTER}-]){_BEFORE_MONTH}{_SHARED_DAYS}{_either(*_NUMERALS)} "
        f"{_either(*_MONTHS)}(?![0-9{LETTER}])",
        words=_MONTH_WORDS,
    ),
    Form("date-partielle", f"{_NOT_INSIDE}{_MONTH} (?:de )?{_YEAR}{_ENDS}", digits=4),
    Form(
        "porte-ou-chambre",
        f"{_NOT_INSIDE}{_DOOR} (?:numéro |no\\.? |n° ?|nº ?|# ?|est le |c'est le )?"
        f"[0-9]{{1,5}}(?:-?[A-Z])?{_ENDS}{_UNITS}",
        digits=1,
    ),
    Form(
        "porte-ou-chambre",
        f"{_NOT_INSIDE}{_NEIGHBOUR}(?: d'en haut| d'en bas)? (?:du|au) [0-9]{{2,4}}[A-Z]?"
        f"{_ENDS}{_UNITS}(?! {_MONTH})",
        digits=2,
        hints=(" du ", " au "),
    ),
    Form(
        "porte-ou-chambre",
        f"{_NOT_INSIDE}(?:au|du|le) # ?[0-9]{{1,5}}{_ENDS}{_UNITS}",
        digits=1,
        hints=("#",),
    ),
    Form(
        "grand-age",
        f"{_NOT_INSIDE}(?<!fait )(?<!depuis )(?<![0-9] )(?<![0-9],)"
        f"(?:9[0-9]|1[01][0-9]) ?ans{_ENDS}(?! de bail)",
        digits=2,
        hints=("ans",),
    ),
    Form(
        "grand-age",
        f"{_NOT_INSIDE}[Qq]uatre-vingt-(?:dix|onze|douze|treize|quatorze|quinze|seize|dix-sept|"
        f"dix-huit|dix-neuf) ans{_ENDS}",
        hints=("uatre-vingt-",),
    ),
    Form(
        "grand-age",
        f"{_NOT_INSIDE}(?:nonagénaires?|centenaires?){_ENDS}",
        words=("nonagénaire", "nonagénaires", "centenaire", "centenaires"),
    ),
)

#: A word with its hyphens: « Jean-Pierre », « Val-d'Or »; the elided article stays out of it.
WORD: Final = f"[{UPPER}](?<![0-9{LETTER}-][{UPPER}])[{LETTER}]*(?:-(?:[dDlL]')?[{LETTER}]+)*"
#: A word that could be a name though it has no capital.
SMALL_WORD: Final = f"(?<![0-9{LETTER}-])[a-zà-öø-ÿœ][{LETTER}]+(?:-[{LETTER}]+)*"
#: What joins the words of an institution's or of a street's name: « Maison du Père ».
LONG_JOIN: Final = " (?:de la |de l'|des |du |de |d'|à la |aux |en |sur |l'|la |le |les )?"
#: After a word without article that begins a sentence: it is somebody's name.
VERB: Final = (
    " (?:(?:l'|te |nous |vous |leur |y |en )?"
    "(?:a|avait|est|était|va|allait|veut|voulait|peut|pouvait|dit|disait|vient|venait|sait|savait|"
    "fait|faisait|prend|sort|habite|habitait|reste|restait|pleure|pleurait|appelle|appelait|répond|"
    "répondait|regarde|regardait|attend|attendait|aime|aimait|parle|parlait|pense|arrive|arrivait|"
    "devait|doit|vit|vivait|rit|riait|demande|demandait|texte|textait|refuse|refusait|a-t-il|a-t-elle|avais|"
    "capote|boit|ouvre|ouvrait|entre|paie|payait|et moi)"
    f"|(?:m'|t'|n'|s')[{LETTER}]+|(?:ne|me|se|lui) [{LETTER}]+)(?![{LETTER}'-])"
)
