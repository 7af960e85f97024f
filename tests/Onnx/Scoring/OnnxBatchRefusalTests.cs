using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Tests.Onnx.Scoring;

/// <summary>Wrong files, names, columns and devices are told before a row is read, with what there is and what to do.</summary>
[TestClass]
public sealed class OnnxBatchRefusalTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Missing_file_is_named()
    {
        var error = Assert.ThrowsExactly<FileNotFoundException>(() => _context.Scoring.OnnxBatch("Score", "Values", "no-such.onnx"));

        StringAssert.Contains(error.Message, "no-such.onnx");
    }

    [TestMethod]
    public void Truncated_file_is_refused_by_name_wherever_it_ends()
    {
        using var folder = new TemporaryFolder();
        var path = ForeignModel.Write(ForeignModel.Affine(), folder["cut.onnx"]);
        var whole = File.ReadAllBytes(path);

        for (var length = 0; length < whole.Length; length += whole.Length / 16)
        {
            File.WriteAllBytes(path, whole[..length]);
            StringAssert.Contains(
                Assert.ThrowsExactly<InvalidDataException>(() => _context.Scoring.OnnxBatch("Score", "Values", path)).Message,
                "cut.onnx"
            );
        }
    }

    [TestMethod]
    public void Flipped_bit_is_refused_with_a_reason_or_does_no_harm()
    {
        using var folder = new TemporaryFolder();
        var path = ForeignModel.Write(ForeignModel.Affine(("noisy.labels", """["ant","bee","cat"]""")), folder["flipped.onnx"]);
        var whole = File.ReadAllBytes(path);
        var refused = 0;

        for (var position = 0; position < whole.Length; position++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[position] ^= (byte)(1 << (position % 8));
            File.WriteAllBytes(path, flipped);
            try
            {
                _context.Scoring.OnnxBatch("Score", "Values", path).Fit(Data<Three>(new())).Dispose();
            }
            catch (Exception error) when (error is InvalidDataException or NotSupportedException or ArgumentException)
            {
                StringAssert.Contains(error.Message, "flipped.onnx");
                refused++;
            }
        }

        Assert.IsGreaterThan(whole.Length / 4, refused);
    }

    [TestMethod]
    public void Other_content_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["notes.onnx"], "This is a text, not a network.");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => _context.Scoring.OnnxBatch("Score", "Values", folder["notes.onnx"]));

        StringAssert.Contains(error.Message, "notes.onnx");
        StringAssert.Contains(error.Message, "not a readable ONNX file");
    }

    [TestMethod]
    public void Unknown_operator_is_told_as_what_ONNX_Runtime_says()
    {
        using var folder = new TemporaryFolder();
        var model = ForeignModel.Affine();
        model.Graph.Node[0].OpType = "Levitate";
        var path = ForeignModel.Write(model, folder["model.onnx"]);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => _context.Scoring.OnnxBatch("Score", "Values", path));

        StringAssert.Contains(error.Message, "Levitate");
        StringAssert.Contains(error.Message, path);
    }

    [TestMethod]
    public void Unknown_output_is_answered_with_those_that_exist() =>
        AssertRefused<ArgumentException>(
            ForeignModel.Affine(),
            new() { Output = "embedding" },
            "no output 'embedding'",
            "'probs' (float [N, 3])"
        );

    [TestMethod]
    public void Unknown_input_is_answered_with_those_that_exist() =>
        AssertRefused<ArgumentException>(ForeignModel.Affine(), new() { Input = "pixels" }, "no input 'pixels'", "'data' (float [N, 3])");

    [TestMethod]
    public void Model_that_needs_two_inputs_is_refused() =>
        AssertRefused<NotSupportedException>(
            ForeignModel.TwoInputs(),
            new() { Input = "left" },
            "'left' (float [N, 3]), 'right' (float [N, 3])"
        );

    [TestMethod]
    public void Output_that_is_not_float_is_no_column() =>
        AssertRefused<NotSupportedException>(ForeignModel.ArgMax(), new(), "'class' (int64 [N])");

    [TestMethod]
    public void Output_without_rows_is_no_column() =>
        AssertRefused<NotSupportedException>(ForeignModel.SumOverRows(), new(), "'total' (float [])");

    [TestMethod]
    [DataRow(0)]
    [DataRow(1 << 30)]
    public void Rows_that_no_column_can_hold_are_refused(int length)
    {
        var model = ForeignModel.Affine();
        foreach (var tensor in (ValueInfoProto[])[model.Graph.Input[0], model.Graph.Output[0]])
        {
            tensor.Type.TensorType.Shape.Dim[1].DimValue = length;
            tensor.Type.TensorType.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 4 });
        }

        AssertRefused<NotSupportedException>(model, new(), "values per row");
    }

    [TestMethod]
    public void Labels_that_are_not_as_many_as_scores_are_refused()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            Fit(ForeignModel.Affine(("noisy.labels", """["ant","bee"]""")), Data<Three>(new()))
        );

        StringAssert.Contains(error.Message, "2 labels");
    }

    [TestMethod]
    public void Labels_that_are_no_list_are_refused() =>
        AssertRefused<InvalidDataException>(ForeignModel.Affine(("noisy.labels", "{}")), new(), "noisy.labels");

    [TestMethod]
    public void Missing_column_is_named()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fit(ForeignModel.Affine(), Data<Named>(new())));

        StringAssert.Contains(error.Message, "'Values'");
    }

    [TestMethod]
    public void Column_of_another_length_is_told_with_what_the_model_takes()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fit(ForeignModel.Affine(), Data<Four>(new())));

        StringAssert.Contains(error.Message, "'data' (float [N, 3])");
        StringAssert.Contains(error.Message, "'Values'");
    }

    [TestMethod]
    public void Column_of_another_type_is_told()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fit(ForeignModel.Affine(), Data<Doubles>(new())));

        StringAssert.Contains(error.Message, "Vector<Single>");
    }

    [TestMethod]
    public void Planar_model_does_not_take_an_interleaved_column()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fit(ForeignModel.AffineOfImages(), Data<Interleaved>(new())));

        StringAssert.Contains(error.Message, "3 x 2 x 2");
    }

    [TestMethod]
    public void Batch_size_below_one_is_refused() =>
        AssertRefused<ArgumentOutOfRangeException>(ForeignModel.Affine(), new() { BatchSize = 0 }, "BatchSize");

    [TestMethod]
    public void Gpu_that_is_not_there_is_an_error_that_names_the_remedy() =>
        AssertRefused<InvalidOperationException>(
            ForeignModel.Affine(),
            new() { GpuDeviceId = 99, FallbackToCpu = false },
            "CUDA device 99",
            "FallbackToCpu"
        );

    [TestMethod]
    public void Gpu_that_is_not_there_gives_way_to_the_cpu_with_a_warning()
    {
        using var folder = new TemporaryFolder();
        var warnings = new List<string>();
        _context.Log += (_, message) => warnings.Add(message.Message);
        _context.GpuDeviceId = 99;
        _context.FallbackToCpu = true;

        using var transformer = _context
            .Scoring.OnnxBatch("Score", "Values", ForeignModel.Write(ForeignModel.Affine(), folder["model.onnx"]))
            .Fit(Data<Three>(new()));

        Assert.AreEqual("CPU", transformer.Device);
        Assert.IsTrue(warnings.Any(warning => warning.Contains("CUDA device 99", StringComparison.Ordinal)), string.Join('\n', warnings));
    }

    [TestMethod]
    public void Saving_in_ML_NETs_own_format_names_what_to_do_instead()
    {
        using var folder = new TemporaryFolder();
        var data = Data<Three>(new());
        using var transformer = _context
            .Scoring.OnnxBatch("Score", "Values", ForeignModel.Write(ForeignModel.Affine(), folder["model.onnx"]))
            .Fit(data);

        var error = Assert.ThrowsExactly<NotSupportedException>(() => _context.Model.Save(transformer, data.Schema, folder["model.zip"]));

        StringAssert.Contains(error.Message, "ml.Scoring.OnnxBatch");
    }

    void AssertRefused<TError>(ModelProto model, OnnxBatchEstimator.Options options, params string[] texts)
        where TError : Exception
    {
        using var folder = new TemporaryFolder();
        options.InputColumnName = "Values";
        options.ModelFile = ForeignModel.Write(model, folder["model.onnx"]);

        var error = Assert.ThrowsExactly<TError>(() => _context.Scoring.OnnxBatch(options));

        foreach (var text in texts)
            StringAssert.Contains(error.Message, text);
    }

    void Fit(ModelProto model, IDataView data)
    {
        using var folder = new TemporaryFolder();
        _context.Scoring.OnnxBatch("Score", "Values", ForeignModel.Write(model, folder["model.onnx"])).Fit(data).Dispose();
    }

    IDataView Data<T>(T row)
        where T : class => _context.Data.LoadFromEnumerable(new List<T> { row });

    sealed class Three
    {
        [VectorType(3)]
        public float[] Values { get; set; } = [1, 2, 3];
    }

    sealed class Four
    {
        [VectorType(4)]
        public float[] Values { get; set; } = [1, 2, 3, 4];
    }

    sealed class Doubles
    {
        [VectorType(3)]
        public double[] Values { get; set; } = [1, 2, 3];
    }

    sealed class Interleaved
    {
        [VectorType(2, 2, 3)]
        public float[] Values { get; set; } = new float[12];
    }

    sealed class Named
    {
        public string Name { get; set; } = "";
    }
}
