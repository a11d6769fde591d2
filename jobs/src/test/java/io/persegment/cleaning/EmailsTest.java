package io.persegment.cleaning;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class EmailsTest {
  private static final Emails AS_WRITTEN = new Emails(false, List.of("bin.example"));
  private static final Emails ONE_MAILBOX = new Emails(true, List.of());

  @Test
  void oneFormForOneAddress(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            " Ada@Example.COM ",
            "ada@example.com",
            "a.da+shop@gmail.com",
            "a.da+shop@gmail.com",
            "o'neil@example.com",
            "o'neil@example.com",
            "ada@müller.example",
            "ada@xn--mller-kva.example",
            "ada@xn--mller-kva.example",
            "ada@xn--mller-kva.example",
            "ada@example.museum",
            "ada@example.museum",
            "zoe\u0308@example.com",
            "zoë@example.com",
            "\u2003ada@example.com\u2003",
            "ada@example.com",
            "ada.@example.com",
            "-",
            "ada..b@example.com",
            "-",
            "ada@example",
            "-",
            "ada@example.notatld",
            "-",
            "ada@-example.com",
            "-",
            "ada@b@example.com",
            "-",
            "a".repeat(65) + "@example.com",
            "-",
            "a.".repeat(50_000) + "@example.com",
            "-",
            "n/a",
            "-",
            "",
            "-");

    assertThat(Spellings.made(spark, AS_WRITTEN::normalised, Spellings.texts(expected)))
        .isEqualTo(expected);
  }

  @Test
  void gmailIsOneMailboxWhereTheShopSaysSo(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "A.Da+shop@googlemail.com", "ada@gmail.com",
            "a.da+shop@example.com", "a.da+shop@example.com");

    assertThat(Spellings.made(spark, ONE_MAILBOX::normalised, Spellings.texts(expected)))
        .isEqualTo(expected);
  }

  @Test
  void theStatusIsTheSourcesUnlessTheAddressIsNone(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "ada@example.com", "-",
            "info@example.com", "role",
            "no-reply+x@example.com", "role",
            "ada@mailinator.com", "disposable",
            "ada@eu.mailinator.com", "disposable",
            "ada@bin.example", "disposable",
            "ada@example.com|valid", "valid",
            "info@example.com|valid", "valid",
            "ada at example|valid", "invalid",
            "N/A", "-");

    assertThat(
            Spellings.made(
                spark,
                raw -> AS_WRITTEN.status(raw, AS_WRITTEN.normalised(raw), col("more")),
                Spellings.texts(expected)))
        .isEqualTo(expected);
  }
}
