using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.Onnx.Scoring;

/// <summary>Bytes, halves and images feed the models that take them.</summary>
[TestClass]
public sealed class InputTypeTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("Uint8")]
    [DataRow("Float")]
    [DataRow("Float16")]
    public void Bytes_feed_every_kind_of_number(string type)
    {
        var rows = _context.Data.LoadFromEnumerable(
            new[]
            {
                new Bytes { Values = [1, 2, 255] },
                new Bytes { Values = [0, 128, 7] },
            }
        );

        CollectionAssert.AreEqual(new[] { 1f, 2, 255, 0, 128, 7 }, Scores(Cast(Enum.Parse<DataType>(type), "N", 3), rows, "Values"));
    }

    [TestMethod]
    public void Floats_feed_halves()
    {
        var rows = _context.Data.LoadFromEnumerable(new[] { new Floats { Values = [0.5f, -2, 1000] } });

        CollectionAssert.AreEqual(new[] { 0.5f, -2, 1000 }, Scores(Cast(DataType.Float16, "N", 3), rows, "Values"));
    }

    [TestMethod]
    public void Floats_do_not_feed_bytes_and_the_message_says_what_does()
    {
        var rows = _context.Data.LoadFromEnumerable(new[] { new Floats { Values = [1, 2, 3] } });

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Scores(Cast(DataType.Uint8, "N", 3), rows, "Values"));

        StringAssert.Contains(error.Message, "ConvertType");
    }

    [TestMethod]
    public void Planar_pixels_feed_interleaved_bytes()
    {
        var rows = _context.Data.LoadFromEnumerable(new[] { new Planes { Values = [10, 40, 20, 50, 30, 60] } });

        CollectionAssert.AreEqual(new[] { 10f, 20, 30, 40, 50, 60 }, Scores(Cast(DataType.Uint8, "N", 1, 2, 3), rows, "Values"));
        CollectionAssert.AreEqual(new[] { 10f, 20, 30, 40, 50, 60 }, Scores(Cast(DataType.Uint8, "N", "H", "W", 3), rows, "Values"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Scores(Cast(DataType.Uint8, "N", 3, 1, 2), rows, "Values"));
    }

    [TestMethod]
    [DataRow(0.5f)]
    [DataRow(256f)]
    [DataRow(-1f)]
    [DataRow(float.NaN)]
    public void A_pixel_that_is_no_byte_is_told_and_not_rounded(float pixel)
    {
        var rows = _context.Data.LoadFromEnumerable(new[] { new Planes { Values = [10, 40, 20, pixel, 30, 60] } });

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Scores(Cast(DataType.Uint8, "N", 1, 2, 3), rows, "Values"));

        StringAssert.Contains(error.Message, FormattableString.Invariant($"the value {pixel} in row 0"));
    }

    [TestMethod]
    public void Half_precision_output_becomes_a_column_of_singles()
    {
        var graph = new GraphBuilder("half");
        var data = graph.Input("data", DataType.Float, "N", 3);
        graph.Output("half", graph.Node("Cast", [data], GraphAttribute.Of("to", (long)DataType.Float16)), DataType.Float16, "N", 3);
        var rows = _context.Data.LoadFromEnumerable(new[] { new Floats { Values = [0.25f, 3, -1] } });

        CollectionAssert.AreEqual(new[] { 0.25f, 3, -1 }, Scores(graph, rows, "Values"));
    }

    [TestMethod]
    public void Image_is_planar_where_channels_come_first_and_interleaved_where_they_come_last()
    {
        using var image = Image();
        var rows = _context.Data.LoadFromEnumerable(new[] { new Picture { Image = image } });

        // Two pixels: (10, 20, 30) and (40, 50, 60).
        CollectionAssert.AreEqual(new[] { 10f, 40, 20, 50, 30, 60 }, Scores(Cast(DataType.Uint8, "N", 3, 1, 2), rows, "Image"));
        CollectionAssert.AreEqual(new[] { 10f, 20, 30, 40, 50, 60 }, Scores(Cast(DataType.Uint8, "N", 1, 2, 3), rows, "Image"));
        CollectionAssert.AreEqual(new[] { 10f, 40, 20, 50, 30, 60 }, Scores(Cast(DataType.Float, "N", 3, 1, 2), rows, "Image"));
        CollectionAssert.AreEqual(new[] { 10f, 40, 20, 50, 30, 60 }, Scores(Cast(DataType.Float, "N", 3, "H", "W"), rows, "Image"));
    }

    [TestMethod]
    public void Model_that_states_its_pixels_gets_them_so()
    {
        using var image = Image();
        var rows = _context.Data.LoadFromEnumerable(new[] { new Picture { Image = image } });

        CollectionAssert.AreEqual(
            new[] { 30f, 60, 20, 50, 10, 40 },
            Scores(Cast(DataType.Uint8, "N", 3, 1, 2), rows, "Image", ("Image.BitmapPixelFormat", "Bgr8"))
        );
        var unit = Scores(Cast(DataType.Float, "N", 3, 1, 2), rows, "Image", ("image.nominalpixelrange", "Normalized_0_1"));
        Assert.AreEqual(10f / 255, unit[0], 1e-7f);
        var symmetric = Scores(Cast(DataType.Float, "N", 3, 1, 2), rows, "Image", ("Image.NominalPixelRange", "Normalized_1_1"));
        Assert.AreEqual(2 * 10f / 255 - 1, symmetric[0], 1e-6f);
    }

    [TestMethod]
    public void Grey_model_gets_the_luma_of_a_colour_image()
    {
        using var image = Image();
        var rows = _context.Data.LoadFromEnumerable(new[] { new Picture { Image = image } });

        // ITU-R BT.601: 0.299 * 10 + 0.587 * 20 + 0.114 * 30 = 18.15 and 48.15.
        CollectionAssert.AreEqual(new[] { 18f, 48 }, Scores(Cast(DataType.Uint8, "N", 1, 1, 2), rows, "Image"));
    }

    [TestMethod]
    public void Image_of_another_size_is_refused_with_the_remedy()
    {
        using var image = Image();
        var rows = Pictures.AnySize(image);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Scores(Cast(DataType.Uint8, "N", 3, 2, 2), rows, "Image"));

        StringAssert.Contains(error.Message, "2 x 1 pixels, but the model takes 2 x 2");
        StringAssert.Contains(error.Message, "ResizeImages");
    }

    float[] Scores(GraphBuilder graph, IDataView rows, string column, params IEnumerable<(string Key, string Value)> metadata)
    {
        using var folder = new TemporaryFolder();
        var model = new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
            Graph = graph.ToGraph(),
        };
        model.MetadataProps.Add(metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        using var transformer = _context.Scoring.OnnxBatch("Score", column, ForeignModel.Write(model, folder["model.onnx"])).Fit(rows);
        return [.. transformer.Transform(rows).GetColumn<float[]>("Score").SelectMany(values => values)];
    }

    /// <summary>The input as floats.</summary>
    static GraphBuilder Cast(DataType type, params Dimension[] shape)
    {
        var graph = new GraphBuilder("cast");
        var data = graph.Input("data", type, shape);
        graph.Output("values", graph.Node("Cast", [data], GraphAttribute.Of("to", (long)DataType.Float)), DataType.Float, shape);
        return graph;
    }

    static MLImage Image() => MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [10, 20, 30, 255, 40, 50, 60, 255]);

    sealed class Bytes
    {
        [VectorType(3)]
        public byte[] Values { get; set; } = [];
    }

    sealed class Floats
    {
        [VectorType(3)]
        public float[] Values { get; set; } = [];
    }

    sealed class Planes
    {
        [VectorType(3, 1, 2)]
        public float[] Values { get; set; } = [];
    }

    sealed class Picture
    {
        [ImageType(1, 2)]
        public MLImage? Image { get; set; }
    }
}
