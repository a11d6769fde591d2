package io.persegment.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.content.Template.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateTest {
  private static final String HTML =
      """
      <p>Hello {{first_name}}{{#if nick}}, {{nick}}{{/if}}</p>
      {{#eq hero "vip"}}<h1>First</h1>{{else}}<h1>News</h1>{{/eq}}
      {{#unless nick}}<p>no nick</p>{{/unless}}
      """;

  @TempDir Path folder;

  @Test
  void blocksAreSeenByWhomTheyAreFor() throws IOException {
    Template template = template("Hi {{first_name}}", HTML);

    assertThat(html(template, "Ada", "Addie", "vip"))
        .contains("Hello Ada, Addie", "<h1>First</h1>")
        .doesNotContain("News", "no nick");
    assertThat(html(template, "Ada", "", "news"))
        .contains("Hello Ada</p>", "<h1>News</h1>", "no nick");
    assertThat(template.asked()).containsExactly("first_name", "hero", "nick");
  }

  @Test
  void whatACustomerIsCalledDoesNoHarm() throws IOException {
    Template template = template("Hi {{first_name}}!", HTML);
    Map<String, String> values =
        Map.of("first_name", "<script>{{nick}}</script>\r\nBcc: all", "nick", "x", "hero", "vip");
    Template.Written written = template.write(values);

    assertThat(written.parts().get(Part.HTML))
        .contains("Hello &lt;script&gt;{{nick}}&lt;/script&gt;")
        .doesNotContain("<script>");
    assertThat(written.parts().get(Part.SUBJECT))
        .isEqualTo("Hi <script>{{nick}}</script> Bcc: all!");
  }

  @Test
  void blocksTellWhetherTheyWereSeen() throws IOException {
    var blocks = new TreeMap<String, Boolean>();
    template("Hi", HTML)
        .write(Map.of("first_name", "Ada", "nick", "", "hero", "news"), blocks::put);

    assertThat(blocks)
        .containsEntry("html, line 2: #eq vip", false)
        .containsEntry("html, line 3: #unless", true)
        .containsEntry("html, line 1: #if", false);
  }

  @Test
  void aListIsGoneThrough() throws IOException {
    Template template =
        template(
            "Hi",
            "{{#each cart}}<li>{{name}}: {{price}}</li>{{else}}nothing{{/each}} {{first_name}}");

    assertThat(template.asked()).containsExactly("cart", "first_name");
    assertThat(
            html(
                template,
                Map.of("cart", "[{\"name\":\"<b>\",\"price\":1.5}]", "first_name", "Ada")))
        .contains("<li>&lt;b&gt;: 1.5</li>", "Ada");
    assertThat(html(template, Map.of("cart", "", "first_name", "[]"))).contains("nothing []");
    assertThatThrownBy(() -> template("Hi", "{{#each cart}}{{prize}}{{/each}}"))
        .hasMessageContaining(
            "writes {{prize}}, which is no token and no slot; did you mean price?");
  }

  @Test
  void whatIsWrongIsToldWithItsPlace() {
    assertThatThrownBy(() -> template("Hi {{frist_name}}", "<p>\n{{#if nick}}\n</p>"))
        .hasMessageContaining(
            "content.templates.mail.subject writes {{frist_name}}, which is no token and no slot;"
                + " did you mean first_name?")
        .hasMessageContaining("content.templates.mail.html is no template: ")
        .hasMessageContaining("line ");
    assertThatThrownBy(() -> settings("subject = x, text = \"no/such.hbs\""))
        .hasMessageContaining("content.templates.mail.text names a file that cannot be read");
    assertThatThrownBy(() -> settings("subject = x"))
        .hasMessageContaining("content.templates.mail.html and text are missing");
  }

  private static String html(Template template, String name, String nick, String hero) {
    return html(template, Map.of("first_name", name, "nick", nick, "hero", hero));
  }

  private static String html(Template template, Map<String, String> values) {
    return template.write(values).parts().get(Part.HTML);
  }

  private Template template(String subject, String html) throws IOException {
    Path file = folder.resolve("mail.hbs");
    Files.writeString(file, html);
    return settings("subject = \"%s\", html = \"%s\"".formatted(subject, file));
  }

  private static Template settings(String mail) {
    return PersegmentSettings.from(
            SettingsFile.parse(
                "test.conf",
                """
                shop { name = S, currency = EUR }, lake.root = l
                content {
                  slots = [hero]
                  tokens { first_name { value = first_name, fallback = "" }, nick { value = first_name, fallback = "" }, cart { value = "array(named_struct('name', first_name, 'price', 1.5))", type = list, fallback = "" } }
                  otherwise { hero = news }
                  templates.mail { %s }
                }
                """
                    .formatted(mail)))
        .publish()
        .content()
        .templates()
        .get(0);
  }
}
