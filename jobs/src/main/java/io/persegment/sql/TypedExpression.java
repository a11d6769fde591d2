package io.persegment.sql;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.analysis.SimpleAnalyzer$;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CommonExpressionDef;
import org.apache.spark.sql.catalyst.expressions.CommonExpressionRef;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.With;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import scala.Function0;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An expression over one row whose columns have types. Analysed by Spark's own analyser, which
 * needs no running Spark, so that what does not fit together is found before it starts.
 */
public final class TypedExpression {
  private final Expression expression;

  private TypedExpression(Expression expression) {
    this.expression = expression;
  }

  /**
   * Returns {@code sql} over rows of {@code schema}.
   *
   * @throws IllegalArgumentException saying what in it does not fit
   */
  public static TypedExpression of(SqlExpression sql, StructType schema) {
    Seq<AttributeReference> columns = DataTypeUtils.toAttributes(schema);
    return asRunsDo(
        () -> {
          Expression analysed = analysed(sql, columns);
          if (!sql.readsText()) {
            requireNoTextAsNumber(analysed);
          }
          return new TypedExpression(bound(analysed, CollectionConverters.asJava(columns)));
        });
  }

  /** Spark reads a text as a number where it is compared with one, and makes null of any other. */
  private static void requireNoTextAsNumber(Expression part) {
    List<Expression> children = CollectionConverters.asJava(part.children());
    if (part instanceof BinaryComparison || part instanceof In) {
      children.forEach(TypedExpression::requireNoneOfText);
    }
    children.forEach(TypedExpression::requireNoTextAsNumber);
  }

  private static void requireNoneOfText(Expression compared) {
    if (compared instanceof Cast cast
        && cast.getTagValue(Cast.USER_SPECIFIED_CAST()).isEmpty()
        && cast.child().dataType() instanceof StringType
        && cast.dataType() instanceof NumericType) {
      if (cast.child() instanceof Literal && cast.eval(null) == null) {
        throw new IllegalArgumentException(
            "a number is compared with %s; write a number".formatted(cast.child().sql()));
      }
      if (cast.child() instanceof AttributeReference) {
        throw new IllegalArgumentException(
            "%1$s is a text, and is compared with a number; write a text, or cast(%1$s as double)"
                .formatted(cast.child().sql()));
      }
    }
  }

  /**
   * Returns the type of {@code sql}, which may be an aggregate over rows of {@code schema}.
   *
   * @throws IllegalArgumentException saying what in it does not fit
   */
  public static DataType type(SqlExpression sql, StructType schema) {
    return asRunsDo(() -> analysed(sql, DataTypeUtils.toAttributes(schema)).dataType());
  }

  private static <T> T asRunsDo(Function0<T> work) {
    var conf = new SQLConf();
    conf.setConf(SQLConf.ANSI_ENABLED(), false);
    return SQLConf.withExistingConf(conf, work);
  }

  private static Expression analysed(SqlExpression sql, Seq<AttributeReference> columns) {
    var rows =
        new LocalRelation(
            seq(List.<Attribute>copyOf(CollectionConverters.asJava(columns))),
            seq(List.of()),
            false,
            Option.empty());
    var value =
        new Alias(
            sql.parsed(),
            "value",
            NamedExpression.newExprId(),
            seq(List.of()),
            Option.empty(),
            seq(List.of()));
    try {
      LogicalPlan plan =
          SimpleAnalyzer$.MODULE$.execute(new Project(seq(List.of((NamedExpression) value)), rows));
      SimpleAnalyzer$.MODULE$.checkAnalysis(plan);
      return plan.expressions().head().children().head();
    } catch (Exception e) { // Scala's AnalysisException, which Java takes for one not thrown
      throw new IllegalArgumentException(SqlExpression.shortened(e), e);
    }
  }

  private static Expression bound(Expression part, List<AttributeReference> columns) {
    if (part instanceof RuntimeReplaceable replaceable) {
      return bound(replaceable.replacement(), columns);
    }
    if (part instanceof With shared) { // such as x in: x between 1 and 2
      return bound(unshared(shared.child(), CollectionConverters.asJava(shared.defs())), columns);
    }
    if (part instanceof AttributeReference column) {
      int place = columns.stream().map(each -> each.exprId()).toList().indexOf(column.exprId());
      return new BoundReference(place, column.dataType(), true);
    }
    return part.mapChildren(child -> bound(child, columns));
  }

  private static Expression unshared(Expression part, List<CommonExpressionDef> definitions) {
    if (part instanceof CommonExpressionRef reference) {
      return definitions.stream()
          .filter(each -> each.id().equals(reference.id()))
          .findFirst()
          .orElseThrow()
          .child();
    }
    return part.mapChildren(child -> unshared(child, definitions));
  }

  public DataType type() {
    return expression.dataType();
  }

  /**
   * Returns the value for one row, as Spark keeps values inside.
   *
   * @param row values of the columns, as Spark keeps them
   */
  Object ofInternal(Object[] row) {
    return expression.eval(new GenericInternalRow(row));
  }

  /**
   * Returns the value for one row; empty where it is null.
   *
   * @param row values of the columns, as rows of Spark give them
   */
  public Optional<Object> of(List<Object> row) {
    Object[] values = row.stream().map(CatalystTypeConverters::convertToCatalyst).toArray();
    return Optional.ofNullable(CatalystTypeConverters.convertToScala(ofInternal(values), type()));
  }

  Expression expression() {
    return expression;
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }
}
