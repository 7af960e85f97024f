using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Applies an ONNX model to the columns named like its inputs; its outputs become columns. One run for each row.</summary>
public sealed class OnnxScoringEstimator : TrivialEstimator<OnnxTransformer>
{
    internal OnnxScoringEstimator(IHostEnvironment env, OnnxTransformer transformer)
        : base(env.Register(nameof(OnnxScoringEstimator)), transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var input in Transformer.Inputs)
        {
            OnnxTransformer.CheckOneUnknown(input);
            var column = inputSchema.Require(input.Name);
            if (!column.ItemType.Equals(input.Type.ItemType))
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", input.Name, input.Type.ItemType.ToString(),
                    column.ItemType.ToString());
        }
        return inputSchema.With([.. Transformer.Outputs.Select(output => new SchemaShape.Column(output.Name, output.Type))]);
    }
}

/// <inheritdoc cref="OnnxScoringEstimator"/>
public sealed class OnnxTransformer : RowToRowTransformerBase, IDisposable
{
    internal const string Signature = "OnnxTransform";
    private const string ModelEntry = "OnnxModel";
    private readonly OnnxModel _model;
    private readonly OnnxOptions _options;

    internal OnnxTransformer(IHostEnvironment env, byte[] bytes, OnnxOptions options) : base(env.Register(nameof(OnnxTransformer)))
    {
        _options = options;
        _model = new OnnxModel(bytes is null ? options.ModelFile : null, bytes, options);
        Inputs = options.InputColumns is { Length: > 0 } inputs ? [.. inputs.Select(_model.Input)] : _model.Inputs;
        Outputs = options.OutputColumns is { Length: > 0 } outputs ? [.. outputs.Select(_model.Output)] : _model.Outputs;
    }

    internal IReadOnlyList<OnnxModel.Variable> Inputs { get; }

    internal IReadOnlyList<OnnxModel.Variable> Outputs { get; }

    public void Dispose() => _model.Dispose();

    internal static OnnxTransformer Load(IHostEnvironment env, ModelLoadContext ctx)
    {
        var context = env as MLContext;
        var options = new OnnxOptions
        {
            InputColumns = ctx.ReadStrings(),
            OutputColumns = ctx.ReadStrings(),
            ShapeDictionary = new Dictionary<string, int[]>(),
            GpuDeviceId = context?.GpuDeviceId,
            FallbackToCpu = context?.FallbackToCpu ?? false,
        };
        for (var count = ctx.ReadCount(); count > 0; count--)
        {
            var name = ctx.Reader.ReadString();
            var shape = new int[ctx.ReadCount()];
            for (var i = 0; i < shape.Length; i++)
                shape[i] = ctx.Reader.ReadInt32();
            options.ShapeDictionary[name] = shape;
        }
        return new OnnxTransformer(env, ctx.LoadBytes(ModelEntry), options);
    }

    internal static void CheckOneUnknown(OnnxModel.Variable input)
    {
        if (input.Shape.Count(d => d == 0) > 1)
            throw new ArgumentOutOfRangeException(input.Name, "Only 1 unknown dimension is allowed");
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        ctx.SaveBytes(ModelEntry, _model.ToBytes());
        ctx.WriteStrings([.. Inputs.Select(input => input.Name)]);
        ctx.WriteStrings([.. Outputs.Select(output => output.Name)]);
        var shapes = _options.ShapeDictionary ?? new Dictionary<string, int[]>();
        ctx.Writer.Write(shapes.Count);
        foreach (var (name, shape) in shapes)
        {
            ctx.Writer.Write(name);
            ctx.Writer.Write(shape.Length);
            foreach (var dimension in shape)
                ctx.Writer.Write(dimension);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper : RowMapper
    {
        private const string StandardSuffix = ".output";
        private readonly OnnxTransformer _parent;
        private readonly DataViewSchema.Column[] _sources;

        public Mapper(OnnxTransformer parent, DataViewSchema inputSchema) : base(inputSchema)
        {
            _parent = parent;
            _sources = [.. parent.Inputs.Select(input => Bind(inputSchema, input))];
            OutputColumns = [.. parent.Outputs.Select(output => new DataViewSchema.DetachedColumn(ColumnNameOf(output.Name), output.Type))];
        }

        public override IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; }

        public override IEnumerable<int> GetDependencies(int output) => _sources.Select(source => source.Index);

        public override Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isActive, out Action disposer)
        {
            var getters = new Delegate[OutputColumns.Count];
            disposer = null;
            var active = Enumerable.Range(0, getters.Length).Where(isActive).ToList();
            if (active.Count == 0)
                return getters;
            var run = new OnnxRun(_parent._model.Session, input, [.. _parent.Inputs.Zip(_sources)],
                [.. active.Select(i => _parent.Outputs[i].Name)]);
            disposer = run.Dispose;
            foreach (var (position, output) in active.Index())
                getters[output] = run.CreateGetter(position, _parent.Outputs[output].Type.ItemType);
            return getters;
        }

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer) =>
            throw new NotSupportedException("The getters of an ONNX model are made together.");

        private static string ColumnNameOf(string output) =>
            output.EndsWith(StandardSuffix, StringComparison.Ordinal) ? output.Replace(StandardSuffix, "") : output;

        private static DataViewSchema.Column Bind(DataViewSchema schema, OnnxModel.Variable input)
        {
            CheckOneUnknown(input);
            var column = schema.Require(input.Name);
            var itemType = column.Type.ItemTypeOf();
            // Keys are passed on as the numbers that they are.
            if (!itemType.Equals(input.Type.ItemType) && !(itemType is KeyDataViewType && itemType.RawType == input.Type.ItemType.RawType))
                throw SchemaMismatch.WrongType("inputSchema", "input", input.Name, input.Type.ItemType.ToString(), column.Type.ToString());
            var size = input.Shape.Aggregate(1, (product, d) => product * d);
            if (size > 0 && column.Type.ValueCountOf() % size != 0)
                throw new InvalidOperationException(
                    $"Input shape mismatch: Input '{input.Name}' has shape {string.Join(",", input.Shape)}, but input data is of length "
                        + $"{column.Type.ValueCountOf()}.");
            return column;
        }
    }
}
