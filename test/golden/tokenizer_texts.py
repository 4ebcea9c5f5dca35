"""Texts that are hard on tokenizers, for the goldens and for the parity tests: python test/golden/tokenizer_texts.py"""

import json
from html.entities import html5
from pathlib import Path

plain = [
    "", " ", "\n", "a", "A", "?", "7", "an aerial photo of a harbour with many small boats.",
    "An AERIAL   Photo\tof\n\na  HARBOUR", "  leading and trailing  ", "don't we'll they've I'm you're he'd it's",
    "DON'T WE'LL THEY'VE I'M", "rock'n'roll 'tis ''s 's s' '", "3.14159 1,000,000 2nd x86-64 50% $5 #1 a_b a-b a/b",
    "wow!!! really?!... (yes) [no] {maybe} <tag> \"quoted\" `code` ~/path C:\\dir @user #tag & so on",
    "supercalifragilisticexpialidocious pneumonoultramicroscopicsilicovolcanoconiosis",
    "word " * 200, "x" * 700, "!" * 300, "1" * 200, "a1b2c3d4e5" * 40,
    "<start_of_text> a photo <end_of_text> of a dog", "<|startoftext|>a photo<|endoftext|> of a dog",
    "<|startoftext|><|endoftext|>", "!<|endoftext|>!", "<|ENDOFTEXT|> <End_Of_Text>", "<|endoftext", "a <start_of_text>b",
]
unicode = [
    "café naïve Ångström façade", "cafe\u0301 nai\u0308ve A\u030angstro\u0308m", "e\u0301\u0316\u0316\u0301", "\u0301alone",
    "İstanbul ıI ẞß Σίσυφος ΟΔΟΣ ΣΑΣ ὈΔΥΣΣΕΎΣ", "ſpecial ſ it'ſ", "ŉ Ǆ ǅ Ĳsselmeer ﬁne ﬂuﬃeﬆ ﬅ", "Ｆｕｌｌ　ｗｉｄｔｈ １２３ ！ ﾊﾛｰ ｶﾞ ﾡ",
    "中文字幕 日本語テキスト 한국어 문장", "مرحبا بالعالم \u200fRTL\u200e שלום עולם", "हिन्दी में पाठ ภาษาไทย ქართული հայերեն",
    "👍🏽 👩‍🚀 🏳️‍🌈 🇩🇪🇫🇷 🏴󠁧󠁢󠁷󠁬󠁳󠁿 ❤️ ☺︎", "😀" * 40, "é" * 120, "中" * 90, "𝒜𝓁𝓅𝒽𝒶 𝟙𝟚𝟛 𐍈 \U0001f600",
    "Ⅷ ① ½ ² ₃ ٣ ४ 〇 ௧", "a\u00a0b\u2003c\u3000d\u200be\u2060f\ufeffg", "a\u0085b\u2028c\u2029d\x1ce\x1ff", "zero\u200dwidth\u200cjoiners\u00adsoft",
    "null\x00bell\x07esc\x1b[31mred\x1b[0m\x7f", "tab\tvt\x0bff\x0ccr\rlf\ncrlf\r\n", "\ufffd \ufffe \ue000 \U0010ffff", "\u206a\ufff9anno\ufffatated\ufffb\ufffc",
    "“curly” ‘single’ it’s ‚low‛ „low‟ «guillemets» ‹single› ′prime″", "en–dash em—dash … bullet • ™ © ® ° § ¶ †", "€5 £6 ¥7 ¢8 ₧9 10µm ±2 3×4 5÷6",
    "a\u0345b \u0345", "\ud83d lone high, lone low \ude00, swapped \ude00\ud83d",
]
entities = [
    "Tom &amp; Jerry", "&lt;b&gt;bold&lt;/b&gt;", "5 &lt; 6 &amp;&amp; 7 &gt; 6", "&quot;quoted&quot; &#39;single&#39; &apos;", "&eacute;t&eacute; &Eacute; &EACUTE; &SZLIG; &NTILDE; &nTILDE;",
    "&amp;amp; &amp;lt; &amp;amp;amp;lt;", "&copy 2020 &copy; &notit; &notin; this&not that &ampersand", "&#8217; &#x2019; &#X2019 &#8217 &#128; &#x92; &#150;",
    "&#0; &#1; &#11; &#13; &#127; &#xD800; &#x110000; &#99999999999999999999; &#xFFFE; &#xFDD0;", "&#; &#x; &; & &unknown; &#12ab;", "&nbsp;&ensp;&emsp;x&shy;y&zwj;z",
    "<a href='x'>&amp;</a>", "first &amp; line\nsecond < line &eacute;\nthird &eacute;", "&CounterClockwiseContourIntegral; &fjlig; &NotEqualTilde; &bne;", "&hellip;&mdash;&rsquo;&ldquo;",
    *(f"x&{name}y" for name in sorted(html5)[::97]),
]
mojibake = [
    "cafÃ©", "sÃ³", "It doesnâ€™t matter", "â€œ like this â€�", "voilÃ  le travail", "voilÃ le travail", "Ã la mode", "Ã  l'envers", "HÃ¤user kÃ¶nnen groÃŸ sein",
    "l&rsquo;humanitÃ©", "Ð\u009fÑ\u0080Ð¸Ð²ÐµÑ\u0082", "РџСЂРёРІРµС‚ РјРёСЂ", "ÎšÎ±Î»Î·Î¼Î­ÏÎ±", "âœ” No problems", "ðŸ˜€ smile", "ðŸ\u008d• pizza", "Ã¢â‚¬Å“twiceÃ¢â‚¬Â", "ÃƒÂ©tÃƒÂ©",
    "√©t√© na√Øve", "‚Äúmac‚Äù ‚Äôs", "Ňôch ĂĄ Ä‚", "JosÃ© likes Â£5 Â© Â°C", "caf\u00e9 \u0080\u0093\u0099", "the price is \u00a3 5 \u0085", "Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©", "à¤¹à¤¿à¤¨à¥\u008dà¤¦à¥€",
    "\u00c0\u0080 java zero, caf\u00c3\u00a9", "\u00ed\u00a0\u00bd\u00ed\u00b8\u0080 cesu", "Åtrange Å word Å", "ÀÉÎÕÜ fine capitals", "the Ångström (Å) and naïve Æsop", "¯\\_(ã\u0083\u0084)_/¯", "(ಠ_ಠ) ( ͡° ͜ʖ ͡°) ヽ༼ຈل͜ຈ༽ﾉ",
    "mixed: cafÃ© and café", "schÃ¶n and 中文", "â€” dash â€“ dash â€¦ dots", "PiÃ±ata\nSeÃ±or ok\nma\u00f1ana", "├®t├® ÔÇÖ", "a ® b ™ c", "Ă© Ĺ‚ Ăł", "\u00c3\n", "Œuvre œil cœur", "вЂ“ вЂ”", "Â\u00a0x Â y",
]
texts = plain + unicode + entities + mojibake

if __name__ == "__main__":
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(texts, indent=0) + "\n")  # ASCII, so that lone surrogates survive
