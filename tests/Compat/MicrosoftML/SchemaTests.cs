using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace NoisyNN.Tests.Compat.MicrosoftML;

[TestClass]
public class SchemaTests
{
    [TestMethod]
    public void A_later_column_of_the_same_name_hides_the_earlier_one()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Double);
        var schema = builder.ToSchema();

        Assert.AreEqual(3, schema.Count);
        Assert.IsTrue(schema[0].IsHidden);
        Assert.IsFalse(schema[2].IsHidden);
        Assert.AreEqual(2, schema["A"].Index);
        Assert.IsNull(schema.GetColumnOrNull("C"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema["C"]);
    }

    [TestMethod]
    public void Types_are_equal_by_what_they_mean_and_print_it()
    {
        Assert.IsTrue(new VectorDataViewType(NumberDataViewType.Single, 3,
            2).Equals(new VectorDataViewType(NumberDataViewType.Single, 3, 2)));
        Assert.IsFalse(new VectorDataViewType(NumberDataViewType.Single,
            6).Equals(new VectorDataViewType(NumberDataViewType.Single, 3, 2)));
        Assert.IsFalse(new KeyDataViewType(typeof(uint), 3).Equals(new KeyDataViewType(typeof(uint), 4)));
        Assert.AreEqual("Key<UInt32, 0-2>", new KeyDataViewType(typeof(uint), 3).ToString());
        Assert.AreEqual("Vector<Single, 3, 2>", new VectorDataViewType(NumberDataViewType.Single, 3, 2).ToString());
        Assert.AreEqual("Vector<Single>", new VectorDataViewType(NumberDataViewType.Single).ToString());
        Assert.AreEqual("String", TextDataViewType.Instance.ToString());
        Assert.AreEqual("Image<28, 32>", new ImageDataViewType(28, 32).ToString());
        Assert.AreEqual(0, new VectorDataViewType(NumberDataViewType.Single, 3, 0).Size);
        Assert.IsFalse(new VectorDataViewType(NumberDataViewType.Single).IsKnownSize);
        Assert.IsTrue(KeyDataViewType.IsValidDataType(typeof(byte)));
        Assert.IsFalse(KeyDataViewType.IsValidDataType(typeof(int)));
    }

    [TestMethod]
    public void Annotations_keep_their_type_and_value()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("Strength", NumberDataViewType.Single, 0.3f);
        var annotations = builder.ToAnnotations();
        var value = 0f;
        annotations.GetValue("Strength", ref value);

        Assert.AreEqual(0.3f, value);
        Assert.ThrowsExactly<InvalidOperationException>(() =>
        {
            var wrong = 0.0;
            annotations.GetValue("Strength", ref wrong);
        });
        Assert.ThrowsExactly<InvalidOperationException>(() =>
        {
            var none = 0f;
            annotations.GetValue("Nothing", ref none);
        });
    }

    [TestMethod]
    public void Members_become_columns_by_name_type_and_attributes()
    {
        var ml = new MLContext(1);
        var schema = ml.Data.LoadFromEnumerable(Point.Some(1)).Schema;

        Assert.AreEqual("Single", schema["X"].Type.ToString());
        Assert.AreEqual("String", schema["Name"].Type.ToString());
        Assert.AreEqual("Vector<Single, 3>", schema["Features"].Type.ToString());
        Assert.AreEqual("Key<UInt32, 0-2>", ml.Data.LoadFromEnumerable(new List<KeyedRow>()).Schema["Key"].Type.ToString());
    }

    [TestMethod]
    public void A_schema_definition_changes_names_types_and_annotations()
    {
        var ml = new MLContext(1);
        var definition = SchemaDefinition.Create(typeof(Point));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, 1);
        definition["Features"].AddAnnotation("Origin", "here", TextDataViewType.Instance);
        definition["X"].ColumnName = "Weight";
        var schema = ml.Data.LoadFromEnumerable(Point.Some(1), definition).Schema;

        Assert.AreEqual("Vector<Single, 3, 1>", schema["Features"].Type.ToString());
        Assert.IsNull(schema.GetColumnOrNull("X"));
        Assert.IsNotNull(schema.GetColumnOrNull("Weight"));
        ReadOnlyMemory<char> origin = default;
        schema["Features"].Annotations.GetValue("Origin", ref origin);
        Assert.AreEqual("here", origin.ToString());
    }

    [TestMethod]
    public void A_schema_given_with_the_data_takes_precedence()
    {
        var ml = new MLContext(1);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 1, 3));
        var view = ml.Data.LoadFromEnumerable(Point.Some(2), builder.ToSchema());

        Assert.AreEqual("Vector<Single, 1, 3>", view.Schema["Features"].Type.ToString());
        Assert.AreEqual(2, view.GetColumn<float[]>("Features").Count());
    }

    private sealed class NoColumns
    {
    }

    private sealed class OneColumn
    {
        public uint Value { get; set; }
    }

    [TestMethod]
    public void A_shape_for_any_column_can_be_had_from_a_custom_mapping()
    {
        var ml = new MLContext(1);
        var written = SchemaDefinition.Create(typeof(OneColumn), SchemaDefinition.Direction.Write);
        var column = written["Value"];
        column.ColumnName = "PredictedLabel";
        column.ColumnType = new KeyDataViewType(typeof(uint), 2);
        var names = new VBuffer<ReadOnlyMemory<char>>(2, ["a".AsMemory(), "b".AsMemory()]);
        column.AddAnnotation("KeyValues", names, new VectorDataViewType(TextDataViewType.Instance, 2));
        var mapping = ml.Transforms.CustomMapping<NoColumns, OneColumn>((_, _) => { }, null,
            SchemaDefinition.Create(typeof(NoColumns), SchemaDefinition.Direction.Read), written);
        var shape = mapping.GetOutputSchema(new SchemaShape([]));

        Assert.AreEqual("Scalar key UInt32 [KeyValues]", mapping.ShapeOf(new SchemaShape([]), "PredictedLabel"));
        Assert.AreEqual("Scalar String []", ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").ShapeOf(shape, "PredictedLabel"));
    }
}
