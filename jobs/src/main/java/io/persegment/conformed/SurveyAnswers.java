package io.persegment.conformed;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code survey_answers}: answers to surveys. */
public final class SurveyAnswers {
  public static final Field SOURCE = Common.SOURCE;
  public static final Field RESPONSE_ID =
      Field.required("response_id", StringType, "The source's own id of the filled-in survey");
  public static final Field QUESTION =
      Field.required("question", StringType, "Question, or its id");
  public static final Field EMAIL = Field.optional("email", StringType, "Address of who answered");
  public static final Field ANSWER =
      Field.optional("answer", StringType, "Answer; null where none was given");
  public static final Field ANSWERED_AT =
      Field.required("answered_at", TimestampType, "When it was answered");
  public static final Table TABLE =
      Common.table(
          2,
          "survey_answers",
          "One answer to one question of a survey",
          RESPONSE_ID,
          QUESTION,
          EMAIL,
          ANSWER,
          ANSWERED_AT);

  private SurveyAnswers() {}
}
