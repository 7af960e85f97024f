using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Tests.Batching;

[TestClass]
public class OutputSchemaTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Columns_are_appended_to_a_shape_with_kind_item_type_key_and_annotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            "KeyValues",
            new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(2, ["a".AsMemory(), "b".AsMemory()])
        );
        annotations.AddPrimitiveValue("IsGood", BooleanDataViewType.Instance, true);
        var shape = OutputSchema.Append(
            _ml,
            Input(),
            [
                new("Score", new VectorDataViewType(NumberDataViewType.Single, 3)),
                new("Tokens", new VectorDataViewType(NumberDataViewType.Int64)),
                new("PredictedLabel", new KeyDataViewType(typeof(uint), 2), annotations.ToAnnotations()),
                new("Text", TextDataViewType.Instance),
            ]
        );
        CollectionAssert.AreEquivalent(
            new[] { "Name", "Score", "Tokens", "PredictedLabel", "Text" },
            shape.Select(column => column.Name).ToArray()
        );

        AssertColumn(shape, "Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);
        AssertColumn(shape, "Tokens", SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Int64, isKey: false);
        AssertColumn(shape, "Text", SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, isKey: false);
        AssertColumn(shape, "PredictedLabel", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true);
        var label = shape.Single(column => column.Name == "PredictedLabel");
        CollectionAssert.AreEquivalent(new[] { "KeyValues", "IsGood" }, label.Annotations.Select(annotation => annotation.Name).ToArray());
        AssertColumn(label.Annotations, "KeyValues", SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, isKey: false);
        AssertColumn(label.Annotations, "IsGood", SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, isKey: false);
    }

    [TestMethod]
    public void A_column_of_an_existing_name_replaces_it_in_a_shape_and_hides_it_in_a_schema()
    {
        var shape = OutputSchema.Append(_ml, Input(), [new("Name", NumberDataViewType.Double)]);
        AssertColumn(shape, "Name", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Double, isKey: false);

        var schema = OutputSchema.Append(
            _ml.Data.LoadFromEnumerable(new[] { new Named() }).Schema,
            [new("Name", NumberDataViewType.Double)]
        );
        Assert.AreEqual(2, schema.Count);
        Assert.IsTrue(schema[0].IsHidden);
        Assert.AreEqual(NumberDataViewType.Double, schema["Name"].Type);
    }

    SchemaShape Input() =>
        _ml
            .Transforms.CopyColumns("Name", "Name")
            .GetOutputSchema(OutputSchema.Append(_ml, new SchemaShape([]), [new("Name", TextDataViewType.Instance)]));

    static void AssertColumn(SchemaShape shape, string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey)
    {
        var column = shape.Single(column => column.Name == name);
        Assert.AreEqual(kind, column.Kind, name);
        Assert.AreEqual(itemType, column.ItemType, name);
        Assert.AreEqual(isKey, column.IsKey, name);
    }

    public sealed class Named
    {
        public string Name { get; set; } = "";
    }
}
