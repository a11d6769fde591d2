package io.persegment.conformed;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code products}: the catalogue as it stands now. */
public final class Products {
  public static final Field SOURCE = Common.SOURCE;
  public static final Field PRODUCT_ID =
      Field.required("product_id", StringType, "The shop's own id of the product");
  public static final Field NAME = Field.optional("name", StringType, "Name");
  public static final Field CATEGORY = Field.optional("category", StringType, "Category");
  public static final Field SUBCATEGORY =
      Field.optional("subcategory", StringType, "Category within the category");
  public static final Field BRAND = Field.optional("brand", StringType, "Brand");
  public static final Field BRAND_TIER =
      Field.optional("brand_tier", StringType, "Tier of the brand, such as premium");
  public static final Field PRICE =
      Field.optional("price", Field.MONEY, "Price today, without tax");
  public static final Field IN_STOCK =
      Field.optional("in_stock", BooleanType, "Whether it can be bought today");
  public static final Field IMAGE_URL =
      Field.optional("image_url", StringType, "Address of its picture");
  public static final Field URL = Field.optional("url", StringType, "Address of its page");
  public static final Table TABLE =
      Common.table(
          1,
          "products",
          "One product",
          PRODUCT_ID,
          NAME,
          CATEGORY,
          SUBCATEGORY,
          BRAND,
          BRAND_TIER,
          PRICE,
          IN_STOCK,
          IMAGE_URL,
          URL);

  private Products() {}
}
