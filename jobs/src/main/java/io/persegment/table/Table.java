package io.persegment.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The contract of one Delta table: its name, what one row is, and its columns, in order.
 *
 * @param grain what one row is, for a person
 * @param key the columns that together identify a row; unique and never null
 * @param partitionedBy columns whose values are folders; empty for most tables
 * @param properties Delta table properties, such as {@code delta.enableChangeDataFeed}
 */
public record Table(
    String name,
    String grain,
    List<Field> key,
    List<Field> fields,
    List<Field> partitionedBy,
    Map<String, String> properties) {

  public Table {
    key = List.copyOf(key);
    fields = List.copyOf(fields);
    partitionedBy = List.copyOf(partitionedBy);
    properties = Map.copyOf(properties);
    if (!fields.containsAll(key) || key.stream().anyMatch(Field::nullable)) {
      throw new IllegalArgumentException(
          "Key of table %s must be some of its required fields".formatted(name));
    }
    if (fields.stream().map(Field::name).distinct().count() != fields.size()) {
      throw new IllegalArgumentException("Table %s names a column twice".formatted(name));
    }
  }

  /** Returns a table of {@code fields} whose first {@code keys} ones are its key. */
  public static Table keyed(int keys, String name, String grain, Field... fields) {
    List<Field> all = Arrays.asList(fields);
    return new Table(name, grain, all.subList(0, keys), all, List.of(), Map.of());
  }

  /** Returns a log: a table whose rows are only ever added, with no key. */
  public static Table log(String name, String grain, Field... fields) {
    return keyed(0, name, grain, fields);
  }

  public Table partitionedBy(Field... columns) {
    return new Table(name, grain, key, fields, List.of(columns), properties);
  }

  /** Returns this table with {@code more} columns after its own. */
  public Table with(List<Field> more) {
    var all = new ArrayList<>(fields);
    all.addAll(more);
    return new Table(name, grain, key, all, partitionedBy, properties);
  }

  public Table withProperty(String property, String value) {
    var all = new LinkedHashMap<>(properties);
    all.put(property, value);
    return new Table(name, grain, key, fields, partitionedBy, all);
  }

  /** Returns the columns in order, for a closing {@code select}. */
  public Column[] columns() {
    return fields.stream().map(Field::col).toArray(Column[]::new);
  }

  /** Returns the key's columns, in order. */
  public Column[] keyColumns() {
    return key.stream().map(Field::col).toArray(Column[]::new);
  }

  public List<String> columnNames() {
    return fields.stream().map(Field::name).toList();
  }

  public StructType schema() {
    return new StructType(fields.stream().map(Field::toStructField).toArray(StructField[]::new));
  }
}
