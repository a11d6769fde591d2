package io.persegment.publish;

import io.persegment.config.Section;
import io.persegment.segments.CustomerValue;
import io.persegment.segments.Vocabulary;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * A column of the audience that the shop declares.
 *
 * @param field its name, type and meaning
 */
public record AudienceColumn(Field field, CustomerValue value) {
  private static final Pattern NAME = Pattern.compile("\\p{L}[\\p{L}\\p{N}_]*");

  /** Reads the section {@code publish.columns}: each a value, or a section with its meaning. */
  static List<AudienceColumn> all(Section columns, Vocabulary vocabulary) {
    var all = new ArrayList<AudienceColumn>();
    for (String name : columns.given()) {
      requireFree(columns, name);
      boolean isSection = columns.isSection(name);
      Section section = isSection ? columns.section(name) : columns;
      String key = isSection ? "value" : name;
      String written = section.text(key);
      String meaning = isSection ? section.optionalText("meaning").orElse(written) : written;
      vocabulary
          .value(section, key, written)
          .filter(value -> isSimple(section, key, value))
          .ifPresent(
              value ->
                  all.add(new AudienceColumn(Field.optional(name, value.type(), meaning), value)));
      if (isSection) {
        section.close();
      }
    }
    return all;
  }

  private static boolean isSimple(Section section, String key, CustomerValue value) {
    boolean isSimple =
        !(value.type() instanceof ArrayType
            || value.type() instanceof MapType
            || value.type() instanceof StructType
            || value.type() instanceof BinaryType);
    if (!isSimple) {
      section.problem(
          key,
          "gives %s; write what gives a text, a number, a date or true and false"
              .formatted(value.type().sql()));
    }
    return isSimple;
  }

  private static void requireFree(Section columns, String name) {
    if (!NAME.matcher(name).matches()) {
      columns.problem(name, "has a name that is not plain; use letters, digits and _");
    } else if (Audience.TABLE.columnNames().contains(name.toLowerCase(Locale.ROOT))) {
      columns.problem(name, "is a column that every audience has; give it another name");
    }
  }
}
