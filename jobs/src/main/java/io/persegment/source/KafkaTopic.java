package io.persegment.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks a Kafka for a topic before it is read. A topic that was deleted and created again under its
 * name counts its messages anew; Spark would pass over as many of them as it read of the old one.
 */
final class KafkaTopic {
  /** Milliseconds in which a server must answer. */
  private static final String PATIENCE = "20000";

  private static final String ID = "topic-id";

  private KafkaTopic() {}

  /**
   * Requires the topic to be there, and to be the one that was read before.
   *
   * @param checkpoint of the stream; the topic's id is kept in a file in it
   */
  static void require(
      SourceSettings source, Feed.Kafka kafka, FileSystem storage, Path checkpoint) {
    String id = id(kafka);
    Path file = new Path(checkpoint, ID);
    try {
      if (storage.exists(file)) {
        try (FSDataInputStream in = storage.open(file)) {
          String known = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          if (!known.isEmpty() && !known.equals(id)) {
            throw SourceErrors.otherTopic(source, kafka, checkpoint.toString());
          }
        }
      } else {
        try (FSDataOutputStream out = storage.create(file, true)) {
          out.write(id.getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String id(Feed.Kafka kafka) {
    var properties = new Properties();
    properties.setProperty("bootstrap.servers", kafka.servers());
    properties.setProperty("default.api.timeout.ms", PATIENCE);
    properties.setProperty("request.timeout.ms", PATIENCE);
    kafka.options().entrySet().stream()
        .filter(each -> each.getKey().startsWith("kafka."))
        .forEach(
            each ->
                properties.setProperty(
                    each.getKey().substring("kafka.".length()), each.getValue()));
    try (Admin admin = Admin.create(properties)) {
      return admin
          .describeTopics(List.of(kafka.topic()))
          .allTopicNames()
          .get()
          .get(kafka.topic())
          .topicId()
          .toString();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw SourceErrors.noTopic(kafka, e);
      }
      if (e.getCause() instanceof TimeoutException) {
        throw SourceErrors.noServer(kafka, e);
      }
      throw SourceErrors.refusedByKafka(kafka, e.getCause());
    } catch (org.apache.kafka.common.KafkaException e) {
      throw SourceErrors.refusedByKafka(kafka, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
