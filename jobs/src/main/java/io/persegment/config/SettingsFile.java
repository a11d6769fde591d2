package io.persegment.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigParseable;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings as they were found: files, what the command line sets, and the defaults below them.
 *
 * @param root the whole tree, to be read
 * @param hash SHA-256 of all settings in force but secrets, in hexadecimal
 */
public record SettingsFile(Section root, String hash) {
  /** What stands for the file, which has no lines, where a setting was given on a command line. */
  static final String GIVEN = "--set ";

  private static final String DEFAULTS = "reference.conf";

  private static final Pattern SECRET =
      Pattern.compile("\\.read\\..*(password|secret|token|jaas|url)", Pattern.CASE_INSENSITIVE);

  /**
   * Reads {@code files}, of which a later one wins, under {@code overrides}.
   *
   * @throws PersegmentException saying which file cannot be read, and where
   */
  public static SettingsFile read(List<Path> files, Map<String, String> overrides) {
    try {
      Config own = ConfigFactory.empty();
      var problems = new Problems();
      for (Path file : files) {
        own = parse(file, problems).withFallback(own);
      }
      for (var each : overrides.entrySet()) {
        own = override(each.getKey(), each.getValue()).withFallback(own);
      }
      return of(own, problems);
    } catch (ConfigException e) {
      throw new PersegmentException(
          Fault.SETTINGS, "The settings cannot be read; nothing was run: " + e.getMessage(), e);
    }
  }

  /** Returns {@code text} as settings, as if it stood in a file called {@code name}. */
  public static SettingsFile parse(String name, String text) {
    var problems = new Problems();
    Config own =
        ConfigFactory.parseString(
            text,
            ConfigParseOptions.defaults()
                .setOriginDescription(name)
                .setIncluder(new RequiredIncludes(problems)));
    noteNamedTwice(name, text, problems);
    return of(own, problems);
  }

  /** Returns whether a file that a setting is in is that of the defaults. */
  static boolean isOfDefaults(String file) {
    return file.equals(DEFAULTS)
        || file.endsWith("/" + DEFAULTS)
        || file.startsWith(DEFAULTS + " @");
  }

  private static SettingsFile of(Config own, Problems problems) {
    Config starters = ConfigFactory.parseResources(DEFAULTS);
    Config all = own.withFallback(withoutReplaced(starters, own)).resolve();
    String text = withoutSecrets(all, "").root().render(ConfigRenderOptions.concise());
    return new SettingsFile(new Section(all, "", problems), sha256(text));
  }

  /** What a starter of another kind says would only be in the way of a shop's own of its name. */
  private static Config withoutReplaced(Config starters, Config own) {
    Config all = own.withFallback(starters).resolve();
    Config kept = starters;
    for (String section : List.of("segmentations", "targets")) {
      for (String name : starters.getConfig(section).root().keySet()) {
        String kind = ConfigUtil.joinPath(section, name, "kind");
        if (all.hasPath(kind) && !all.getValue(kind).equals(starters.getValue(kind))) {
          kept = kept.withoutPath(ConfigUtil.joinPath(section, name));
        }
      }
    }
    return kept;
  }

  /** A hash in the ledger must not help in guessing a password, nor change with it. */
  static Config withoutSecrets(Config all, String place) {
    Config rest = all;
    for (var each : all.entrySet()) {
      if (SECRET.matcher(place + each.getKey()).find()) {
        rest = rest.withoutPath(each.getKey());
      }
    }
    return rest;
  }

  private static Config parse(Path file, Problems problems) {
    if (!Files.isRegularFile(file)) {
      throw new PersegmentException(
          Fault.SETTINGS,
          "There is no settings file %s. Give one with --conf; conf/garden.conf is an example."
              .formatted(file));
    }
    Config all = parse(file, new RequiredIncludes(problems));
    refuseLostPaths(file, all);
    noteNamedTwice(file.toString(), file, problems);
    return all;
  }

  private static Config parse(Path file, ConfigIncluder includer) {
    // HOCON finds no includes beside a file that is named without a folder.
    return ConfigFactory.parseFile(
        file.toAbsolutePath().toFile(),
        ConfigParseOptions.defaults().setOriginDescription(file.toString()).setIncluder(includer));
  }

  private static void noteNamedTwice(String name, Path file, Problems problems) {
    if (name.endsWith(".properties")) { // which are no HOCON
      return;
    }
    try {
      noteNamedTwice(name, new String(Files.readAllBytes(file), UTF_8), problems);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void noteNamedTwice(String name, String text, Problems problems) {
    NamedTwice.in(text).forEach(each -> problems.add(name, each.again(), each.inWords()));
  }

  /** A template says that its paths are null; included after a path it would take that away. */
  private static void refuseLostPaths(Path file, Config all) {
    Config bare = parse(file, new NoIncludes());
    for (String name : sources(bare)) {
      String path = ConfigUtil.joinPath("sources", name, "path");
      if (isGiven(bare, path) && !isGiven(all, path)) {
        throw new PersegmentException(
            Fault.SETTINGS,
            "%s: sources.%s.path is given, but an include below it takes it away again. Put includes above what is said of their sources, each once; nothing was run."
                .formatted(file, name));
      }
    }
  }

  private static Set<String> sources(Config config) {
    try {
      return config.hasPath("sources") ? config.getObject("sources").keySet() : Set.of();
    } catch (ConfigException e) { // of a wrong kind, which is told later
      return Set.of();
    }
  }

  private static boolean isGiven(Config config, String path) {
    try {
      return config.hasPath(path);
    } catch (ConfigException.NotResolved e) {
      return true; // made of other settings
    }
  }

  private static Config override(String path, String value) {
    var options = ConfigParseOptions.defaults().setOriginDescription(GIVEN + path);
    if (!value.contains("//")) { // which HOCON takes for a comment
      try {
        return ConfigFactory.parseString(path + " = " + value, options);
      } catch (ConfigException.Parse e) {
        // not HOCON, so a plain text
      }
    }
    String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"");
    return ConfigFactory.parseString("%s = \"%s\"".formatted(path, quoted), options);
  }

  /** Returns the SHA-256 of a text, in hexadecimal, which differs where what it says does. */
  public static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static final class NoIncludes implements ConfigIncluder {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      return ConfigFactory.empty().root();
    }
  }

  /** HOCON passes over an include that does not exist; for settings that is a mistake. */
  private record RequiredIncludes(Problems problems) implements ConfigIncluder {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      ConfigParseable included = context.relativeTo(what);
      ConfigObject parsed =
          included.parse(included.options().setAllowMissing(false).setIncluder(this));
      String file = included.origin().filename();
      if (file != null) {
        noteNamedTwice(file, Path.of(file), problems);
      }
      return parsed;
    }
  }
}
