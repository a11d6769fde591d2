package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "ada lovelace, ada lovelace",
        "'  Ada   LOVELACE ', ada lovelace",
        "Anne-Marie, anne marie",
        "O'Neil, o neil",
        "O’Neil, o neil",
        "'12b, High St.', 12b high st",
        "José Núñez, jose nunez",
        "Müller, mueller",
        "MÜLLER, mueller",
        "Mu\u0308ller, mueller",
        "Groß, gross",
        "GROẞ, gross",
        "Ørsted Æbelø, oersted aebeloe",
        "Åse Öberg, aase oeberg",
        "Łukasz Żółć, lukasz zolc",
        "İpek Işık, ipek isik",
        "Þór Guðmundsson, thor gudmundsson",
        "Nguyễn Đức, nguyen duc",
        "ﬁne Ｗｉｄｅ ３, fine wide 3",
        "soft\u00ADhyphen\u200D, softhyphen",
        "Наталья, natalya",
        "Щербаков Сергей, shcherbakov sergey",
        "Андрій, andriy",
        "Γιώργος, yiorgos",
        "Əliyev, aliyev",
        "王小明, wang xiao ming",
        "김민수, gimminsu",
        "さくら, sakura",
        "タロー, taro",
        "ガガ, gaga",
        "דוד, dwd",
        "محمد, mhmd",
        "प्रिया, priya",
        "١٢, 12",
        "Müller 王, mueller wang",
        "'', none",
        "' -.- ', none",
        "😀, none",
        "none, none"
      })
  void isLatinWithoutMarks(String text, String expected) {
    assertThat(PlainText.of(text)).isEqualTo(expected);
  }

  @Test
  void whatIsPlainIsReturnedAsItCame() {
    String plain = new String("ada lovelace 2");
    assertThat(PlainText.of(plain)).isSameAs(plain);
  }

  @Property(tries = 2_000)
  void isTidy(@ForAll String text) {
    String plain = PlainText.of(text);
    if (plain != null) {
      assertThat(plain).doesNotStartWith(" ").doesNotEndWith(" ").doesNotContain("  ").isNotEmpty();
    }
  }

  @Property(tries = 4_000)
  void isIdempotent(@ForAll("european") String text) {
    String plain = PlainText.of(text);
    assertThat(PlainText.of(plain)).isEqualTo(plain);
  }

  @Provide
  Arbitrary<String> european() {
    return Arbitraries.strings()
        .ascii()
        .withCharRange('\u0080', '\u024F')
        .withCharRange('\u0370', '\u03FF')
        .withCharRange('\u0400', '\u045F')
        .ofMaxLength(8);
  }
}
