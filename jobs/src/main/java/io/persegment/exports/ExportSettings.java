package io.persegment.exports;

import io.persegment.config.Section;
import io.persegment.content.ContentSettings;
import io.persegment.content.Token;
import io.persegment.publish.Audience;
import io.persegment.sql.SqlExpression;
import io.persegment.sql.TypedExpression;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * How the audience is told to one tool.
 *
 * @param fields in order: what the tool calls it, and SQL over columns of the audience
 * @param texts those fields that are texts
 * @param list id of the tool's list that everybody is put into; empty where none is named
 * @param acknowledgements files in which the tool, or who feeds it, says what became of rows
 */
public record ExportSettings(
    Tool tool,
    Map<String, SqlExpression> fields,
    Set<String> texts,
    Optional<String> list,
    List<String> acknowledgements) {

  public ExportSettings {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    texts = Set.copyOf(texts);
    acknowledgements = List.copyOf(acknowledgements);
  }

  /** Returns the tool's name. */
  public String name() {
    return tool.label();
  }

  /**
   * Reads the section {@code tools}: one for each tool in it.
   *
   * @param declared columns of the audience that are the shop's own
   */
  public static List<ExportSettings> all(
      Section tools, ContentSettings content, List<Field> declared) {
    var all = new ArrayList<ExportSettings>();
    for (Tool tool : Tool.values()) {
      if (tools.has(tool.label())) {
        Section section = tools.section(tool.label());
        all.add(from(tool, section, content, Audience.table(declared).schema()));
        section.close();
      }
    }
    return all;
  }

  private static ExportSettings from(
      Tool tool, Section section, ContentSettings content, StructType audience) {
    Map<String, SqlExpression> fields =
        section.has("fields") ? fields(section.section("fields"), audience) : usual(content);
    for (String field : fields.keySet()) {
      tool.refuses(field)
          .ifPresent(why -> section.problem("fields", "has %s, which %s".formatted(field, why)));
    }
    if (fields.size() > tool.mostFields()) {
      section.problem(
          "fields",
          "are %d; %s takes %d".formatted(fields.size(), tool.label(), tool.mostFields()));
    }
    Set<String> texts =
        fields.entrySet().stream()
            .filter(each -> isText(each.getValue(), audience))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return new ExportSettings(
        tool, fields, texts, section.optionalText("list"), section.texts("acknowledgements"));
  }

  private static boolean isText(SqlExpression sql, StructType audience) {
    try {
      return TypedExpression.type(sql, audience) instanceof StringType;
    } catch (IllegalArgumentException e) {
      return false; // which is told where it is read
    }
  }

  private static Map<String, SqlExpression> fields(Section section, StructType audience) {
    var fields = new LinkedHashMap<String, SqlExpression>();
    for (String name : section.given()) {
      SqlExpression sql = section.sql(name);
      try {
        DataType type = TypedExpression.type(sql, audience);
        if (type instanceof MapType || type instanceof ArrayType || type instanceof StructType) {
          section.problem(
              name,
              "gives %s; write what gives one value, such as segments['lifecycle']"
                  .formatted(type.sql()));
        }
      } catch (IllegalArgumentException e) {
        section.problem(name, "cannot be evaluated: %s".formatted(e.getMessage()));
      }
      fields.put(name, sql);
    }
    section.close();
    return fields;
  }

  /** Returns every token and slot by its name. */
  private static Map<String, SqlExpression> usual(ContentSettings content) {
    var fields = new LinkedHashMap<String, SqlExpression>();
    for (Token token : content.tokens()) {
      fields.put(token.name(), SqlExpression.parse("tokens['%s']".formatted(token.name())));
    }
    for (String slot : content.slots()) {
      fields.put(slot, SqlExpression.parse("content['%s']".formatted(slot)));
    }
    return fields;
  }
}
