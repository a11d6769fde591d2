package io.persegment.scores;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.persegment.scores.Shapley.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.dmlc.xgboost4j.java.XGBoostError;
import ml.dmlc.xgboost4j.scala.Booster;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassificationModel;
import org.apache.spark.ml.classification.DecisionTreeClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Option;

/** Trees as a stage of a model, and what each number adds to what they say. */
final class Trees {
  private static final int CLASSES = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Trees() {}

  /** Returns the stage that scores {@link Preparation#VECTOR} by {@code booster}. */
  static XGBoostClassificationModel model(Booster booster) {
    XGBoostClassificationModel model = bare(booster);
    model.setProbabilityCol(Propensity.PROBABILITY);
    model.setRawPredictionCol(Propensity.RAW);
    model.setPredictionCol(Propensity.CLASS);
    return model;
  }

  /**
   * Adds {@link Propensity#CONTRIBUTIONS} to rows with {@link Preparation#VECTOR}: for each of so
   * many numbers what it adds to the logit. Keeps every row.
   */
  static Dataset<Row> withContributions(Dataset<Row> rows, Booster booster, int numbers) {
    return Shapley.of(nodes(booster), numbers, true)
        .map(shapley -> with(rows, shapley))
        .orElseGet(() -> withTheirContributions(rows, booster));
  }

  /**
   * Adds the same by XGBoost's own hand, to which it adds the logit of the average row as a last
   * number.
   */
  static Dataset<Row> withTheirContributions(Dataset<Row> rows, Booster booster) {
    XGBoostClassificationModel model = bare(booster);
    model.setProbabilityCol("");
    model.setRawPredictionCol("");
    model.setPredictionCol("");
    model.setContribPredictionCol(Propensity.CONTRIBUTIONS);
    Dataset<Row> added = model.transform(rows);
    return added.withColumn(Propensity.CONTRIBUTIONS, Propensity.numbers(Propensity.CONTRIBUTIONS));
  }

  /** Adds to rows what each number adds to the sum of the trees' probabilities. */
  static Dataset<Row> withContributions(
      Dataset<Row> rows, RandomForestClassificationModel forest, int numbers) {
    List<Node> roots =
        Stream.of(forest.trees())
            .map(DecisionTreeClassificationModel::rootNode)
            .map(Trees::node)
            .toList();
    Optional<Shapley> shapley = Shapley.of(roots, numbers, false);
    return with(rows, shapley.orElseThrow()); // no candidate is deeper
  }

  /** Returns the sum of the trees' probabilities that the average row of training has. */
  static double average(RandomForestClassificationModel forest) {
    return Stream.of(forest.trees()).mapToDouble(tree -> share(tree.rootNode())).sum();
  }

  private static Dataset<Row> with(Dataset<Row> rows, Shapley shapley) {
    return rows.withColumn(
        Propensity.CONTRIBUTIONS,
        shapley.function(rows.sparkSession().sparkContext()).apply(col(Preparation.VECTOR)));
  }

  private static List<Node> nodes(Booster booster) {
    try {
      var roots = new ArrayList<Node>();
      for (String tree : booster.getModelDump((String) null, true, "json")) {
        roots.add(node(JSON.readTree(tree)));
      }
      return roots;
    } catch (XGBoostError | JsonProcessingException e) {
      throw new IllegalStateException("A fitted model can be written and read", e);
    }
  }

  private static Node node(JsonNode written) {
    double cover = written.get("cover").doubleValue();
    if (written.has("leaf")) {
      return new Node(-1, 0, List.of(), cover, written.get("leaf").doubleValue());
    }
    JsonNode first = written.get("children").get(0);
    JsonNode second = written.get("children").get(1);
    boolean inOrder = first.get("nodeid").equals(written.get("yes"));
    return new Node(
        Integer.parseInt(written.get("split").textValue().substring(1)), // f12
        (float) written.get("split_condition").doubleValue(),
        List.of(node(inOrder ? first : second), node(inOrder ? second : first)),
        cover,
        0);
  }

  private static Node node(org.apache.spark.ml.tree.Node grown) {
    double cover = grown.impurityStats().count();
    if (grown instanceof InternalNode inner) {
      var split = (ContinuousSplit) inner.split(); // all that is standardised is a number
      return new Node(
          split.featureIndex(),
          Math.nextUp(split.threshold()), // up to which rows go left
          List.of(node(inner.leftChild()), node(inner.rightChild())),
          cover,
          0);
    }
    return new Node(-1, 0, List.of(), cover, share(grown));
  }

  /** Returns the part of the rows of a node, in training, that had the event. */
  private static double share(org.apache.spark.ml.tree.Node node) {
    double[] counts = node.impurityStats().stats();
    return counts[1] / (counts[0] + counts[1]);
  }

  private static XGBoostClassificationModel bare(Booster booster) {
    var model = new XGBoostClassificationModel("trees", CLASSES, booster, Option.empty());
    model.setFeaturesCol(Preparation.VECTOR);
    return model;
  }
}
