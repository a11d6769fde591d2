package io.persegment.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;

/** Settings for tests, over the defaults. */
public final class TextSection {
  private TextSection() {}

  /** Returns the whole tree with {@code text} over {@code reference.conf}. */
  public static Section of(String text) {
    var options = ConfigParseOptions.defaults().setOriginDescription("test.conf");
    return new Section(
        ConfigFactory.parseString(text, options)
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve(),
        "",
        new Problems());
  }
}
