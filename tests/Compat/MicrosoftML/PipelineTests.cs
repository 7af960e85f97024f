using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace NoisyNN.Tests.Compat.MicrosoftML;

[TestClass]
public class PipelineTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Keys_are_given_in_the_order_of_occurrence_or_by_value()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { "b", "a", "", "b", "c" }.Select(n => new Point { Name = n }).ToList());
        var byOccurrence = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(view).Transform(view);
        var byValue = _ml.Transforms.Conversion.MapValueToKey("Key", "Name",
            keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(view).Transform(view);

        CollectionAssert.AreEqual(new uint[] { 1, 2, 0, 1, 3 }, byOccurrence.GetColumn<uint>("Key").ToArray());
        CollectionAssert.AreEqual(new uint[] { 2, 1, 0, 2, 3 }, byValue.GetColumn<uint>("Key").ToArray());
        Assert.AreEqual("Key<UInt32, 0-2>", byValue.Schema["Key"].Type.ToString());
        VBuffer<ReadOnlyMemory<char>> names = default;
        byValue.Schema["Key"].GetKeyValues(ref names);
        Assert.AreEqual("a b c", string.Join(" ", names.DenseValues()));
        Assert.IsTrue(byValue.Schema["Key"].HasKeyValues());
    }

    [TestMethod]
    public void Values_that_were_not_seen_have_no_key_and_no_value()
    {
        var train = _ml.Data.LoadFromEnumerable(new List<Point> { new() { Name = "a", X = 5 } });
        var other = _ml.Data.LoadFromEnumerable(new List<Point> { new() { Name = "z", X = 6 } });
        var model = _ml.Transforms.Conversion.MapValueToKey([new("NameKey", "Name"), new("XKey", "X")])
            .Append(_ml.Transforms.Conversion.MapKeyToValue([new("NameBack", "NameKey"), new("XBack", "XKey")])).Fit(train);

        Assert.AreEqual("a", model.Transform(train).GetColumn<string>("NameBack").Single());
        Assert.AreEqual(5f, model.Transform(train).GetColumn<float>("XBack").Single());
        Assert.AreEqual("", model.Transform(other).GetColumn<string>("NameBack").Single());
        Assert.IsTrue(float.IsNaN(model.Transform(other).GetColumn<float>("XBack").Single()));
    }

    [TestMethod]
    public void Concatenation_puts_columns_behind_each_other_and_names_the_slots_of_scalars()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(2));
        var result = _ml.Transforms.Concatenate("All", "X", "Features", "X").Fit(view).Transform(view);

        Assert.AreEqual("Vector<Single, 5>", result.Schema["All"].Type.ToString());
        CollectionAssert.AreEqual(new float[] { 1, 1, 10, 100, 1 }, result.Vectors("All")[1]);
        VBuffer<ReadOnlyMemory<char>> names = default;
        result.Schema["All"].GetSlotNames(ref names);
        Assert.AreEqual("X||||X", string.Join("|", names.DenseValues()));
        Assert.AreEqual("Vector Single [SlotNames]", _ml.Transforms.Concatenate("All", "X", "Features").ShapeOf(ShapeOf(view), "All"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("All", "X", "Name").Fit(view).Transform(view));
    }

    [TestMethod]
    public void Selecting_goes_by_the_order_of_the_names_and_forgets_hidden_columns()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(2));
        var hidden = _ml.Transforms.CopyColumns("X", "X").Fit(view).Transform(view);

        Assert.AreEqual(4, hidden.Schema.Count);
        Assert.AreEqual("Features X", Names(_ml.Transforms.SelectColumns("Features", "X").Fit(hidden).Transform(hidden)));
        Assert.AreEqual("Features X X", Names(_ml.Transforms.SelectColumns(["Features", "X"],
            keepHidden: true).Fit(hidden).Transform(hidden)));
        Assert.AreEqual("Name Features", Names(_ml.Transforms.DropColumns("X").Fit(hidden).Transform(hidden)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.SelectColumns("Nothing").Fit(view));

        static string Names(IDataView v) => string.Join(" ",
            v.Schema.OrderBy(c => c.Name == "Features" ? 1 : c.Name == "Name" ? 0 : 2).Select(c => c.Name));
    }

    [TestMethod]
    public void A_column_that_hides_another_stands_right_behind_it()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(2));
        var result = _ml.Transforms.CustomMapping<Point, Hiding>((p, h) => h.X = p.X + 10, null).Fit(view).Transform(view);
        var x = view.Schema["X"].Index;

        Assert.IsTrue(result.Schema[x].IsHidden);
        Assert.AreEqual(x + 1, result.Schema["X"].Index);
        Assert.AreEqual(view.Schema.Count + 1, result.Schema.Count);
        CollectionAssert.AreEqual(new float[] { 10, 11 }, result.GetColumn<float>("X").ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 1 }, result.GetColumn<float>(result.Schema[x]).ToArray());
    }

    private sealed class Hiding
    {
        public float X { get; set; }
    }

    [TestMethod]
    public void Selected_columns_come_in_the_order_in_which_they_are_named()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(2));
        var selected = _ml.Transforms.SelectColumns("Name", "X").Fit(view).Transform(view);

        Assert.AreEqual("Name", selected.Schema[0].Name);
        Assert.AreEqual("X", selected.Schema[1].Name);
        Assert.AreEqual(1f, selected.GetColumn<float>("X").Sum());
    }

    private sealed class Various
    {
        public int Whole { get; set; }

        public string Text { get; set; } = "";

        public bool Truth { get; set; }

        [KeyType(4)]
        public uint Key { get; set; }
    }

    [TestMethod]
    public void Types_are_converted_and_what_has_no_conversion_is_refused()
    {
        var view = _ml.Data.LoadFromEnumerable(new List<Various> { new() { Whole = 300, Text = "2.5", Truth = true, Key = 1 },
            new() { Whole = -1, Text = "x" } });
        IDataView To(string column, DataKind kind) => _ml.Transforms.Conversion.ConvertType("To", column, kind).Fit(view).Transform(view);

        CollectionAssert.AreEqual(new float[] { 300, -1 }, To("Whole", DataKind.Single).GetColumn<float>("To").ToArray());
        // 300 is 44 modulo 256.
        CollectionAssert.AreEqual(new sbyte[] { 44, -1 }, To("Whole", DataKind.SByte).GetColumn<sbyte>("To").ToArray());
        CollectionAssert.AreEqual(new[] { 2.5, double.NaN }, To("Text", DataKind.Double).GetColumn<double>("To").ToArray());
        CollectionAssert.AreEqual(new[] { "True", "False" }, To("Truth", DataKind.String).GetColumn<string>("To").ToArray());
        Assert.AreEqual("Key<UInt64, 0-3>", To("Key", DataKind.UInt64).Schema["To"].Type.ToString());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => To("Whole", DataKind.UInt32));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => To("Key", DataKind.Single));
    }

    [TestMethod]
    public void A_custom_mapping_adds_columns_and_counts_its_keys_from_zero()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(4));
        var mapped = _ml.Transforms.CustomMapping<Point, KeyedRow>((p, k) => k.Key = (uint)p.X, null).Fit(view).Transform(view);

        CollectionAssert.AreEqual(new uint[] { 1, 2, 3, 0 }, mapped.GetColumn<uint>("Key").ToArray());
        Assert.AreEqual("Key<UInt32, 0-2>", mapped.Schema["Key"].Type.ToString());
        Assert.AreEqual(4L, mapped.GetRowCount());
    }

    private sealed class Counted
    {
        public int Row { get; set; }
    }

    private sealed class Counter
    {
        public int Rows { get; set; }
    }

    [TestMethod]
    public void A_stateful_mapping_has_a_state_for_each_cursor()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(3));
        var mapped = _ml.Transforms.StatefulCustomMapping<Point, Counted,
            Counter>((_, c, s) => c.Row = s.Rows++, s => s.Rows = 10, null).Fit(view).Transform(view);

        CollectionAssert.AreEqual(new[] { 10, 11, 12 }, mapped.GetColumn<int>("Row").ToArray());
        CollectionAssert.AreEqual(new[] { 10, 11, 12 }, mapped.GetColumn<int>("Row").ToArray());
        Assert.IsFalse(mapped.CanShuffle);
    }

    [TestMethod]
    public void Every_estimator_is_fitted_on_the_very_view_that_the_one_before_it_made()
    {
        var first = new Spy();
        var second = new Spy();
        var chain = first.Append(second);
        var view = _ml.Data.LoadFromEnumerable(Point.Some(3));
        var model = chain.Fit(view);

        Assert.AreSame(view, first.FittedOn);
        Assert.AreSame(first.Made, second.FittedOn);
        Assert.AreSame(second.Transformer, model.LastTransformer);
    }

    [TestMethod]
    public void Scopes_choose_the_steps_of_a_chain()
    {
        var view = _ml.Data.LoadFromEnumerable(Point.Some(3));
        var model = _ml.Transforms.CopyColumns("A", "X")
            .Append(_ml.Transforms.CopyColumns("B", "X"), TransformerScope.Training)
            .Append(_ml.Transforms.CopyColumns("C", "X")).Fit(view);

        Assert.IsNull(model.Transform(view).Schema.GetColumnOrNull("B"));
        Assert.IsNotNull(model.Transform(view, TransformerScope.Everything).Schema.GetColumnOrNull("B"));
        Assert.AreEqual(3, model.Count());
        Assert.AreEqual(2, model.GetModelFor(TransformerScope.Scoring).Count());
        Assert.AreEqual(5, model.GetOutputSchema(view.Schema).Count);
    }

    [TestMethod]
    public void A_chain_disposes_of_its_transformers()
    {
        var spy = new Spy();
        spy.Append(_ml.Transforms.CopyColumns("A", "X")).Fit(_ml.Data.LoadFromEnumerable(Point.Some(1))).Dispose();

        Assert.IsTrue(spy.Transformer.Disposed);
    }

    [TestMethod]
    public void A_cache_checkpoint_keeps_what_later_estimators_read()
    {
        var reads = 0;
        var view = _ml.Data.LoadFromEnumerable(Point.Some(5).Where(_ => ++reads > 0));
        _ml.Transforms.CopyColumns("A", "Name").AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.Conversion.MapValueToKey("B", "A"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("C", "A")).Fit(view);

        Assert.AreEqual(5, reads);
    }

    [TestMethod]
    public void A_schema_mismatch_shows_before_any_estimator_works()
    {
        var spy = new Spy();
        var view = _ml.Data.LoadFromEnumerable(Point.Some(3));

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => spy.Append(_ml.Transforms.CopyColumns("A", "Nothing")).Fit(view));
        Assert.IsNull(spy.FittedOn);
    }

    [TestMethod]
    public void Messages_reach_the_log_with_source_and_kind()
    {
        var messages = new List<LoggingEventArgs>();
        _ml.Log += (_, e) => messages.Add(e);
        var host = ((IHostEnvironment)_ml).Register("Library");
        using (var channel = host.Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0}", 3);
            channel.Warning(MessageSensitivity.None, "slow");
        }
        using (var progress = host.StartProgressChannel("Epochs"))
        {
            progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), e => e.SetProgress(0, 1, 5));
            progress.Checkpoint(0.5, 1);
        }
        var info = messages.Single(m => m.Kind == ChannelMessageKind.Info);

        Assert.AreEqual("epoch 3", info.RawMessage);
        Assert.AreEqual("Library; Training", info.Source);
        Assert.AreEqual("[Source=Library; Training, Kind=Info] epoch 3", info.Message);
        Assert.AreEqual("slow", messages.Single(m => m.Kind == ChannelMessageKind.Warning).RawMessage);
    }

    [TestMethod]
    public void Options_of_the_context_are_a_dictionary()
    {
        Assert.IsTrue(_ml.TryAddOption("a", 1));
        Assert.IsFalse(_ml.TryAddOption("a", 2));
        Assert.IsTrue(_ml.TryGetOption<int>("a", out var value));
        Assert.AreEqual(1, value);
        _ml.SetOption("a", 3);
        Assert.AreEqual(3, _ml.GetOptionOrDefault<int>("a"));
        Assert.IsTrue(_ml.RemoveOption("a"));
        Assert.AreEqual(0, _ml.GetOptionOrDefault<int>("a"));
        Assert.IsFalse(_ml.TryGetOption<string>("a", out _));
        Assert.IsNull(_ml.GpuDeviceId);
        Assert.IsFalse(_ml.FallbackToCpu);
    }

    private static SchemaShape ShapeOf(IDataView view)
    {
        SchemaShape? shape = null;
        var spy = new Spy { OnShape = s => shape = s };
        spy.Append(new Spy()).Fit(view);
        return shape!;
    }

    /// <summary>An estimator of somebody else's, as an outside assembly can write it.</summary>
    private sealed class Spy : IEstimator<ITransformer>
    {
        public IDataView? FittedOn { get; private set; }

        public IDataView? Made => Transformer.Made;

        public SpyTransformer Transformer { get; } = new();

        public Action<SchemaShape>? OnShape { get; init; }

        public ITransformer Fit(IDataView input)
        {
            FittedOn = input;
            return Transformer;
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            OnShape?.Invoke(inputSchema);
            return inputSchema;
        }
    }

    private sealed class SpyTransformer : ITransformer, IDisposable
    {
        private readonly MLContext _ml = new(1);

        public IDataView? Made { get; private set; }

        public bool Disposed { get; private set; }

        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => Made = _ml.Data.TakeRows(input, 100);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Dispose() => Disposed = true;

        void ICanSaveModel.Save(ModelSaveContext ctx)
        {
        }
    }
}
