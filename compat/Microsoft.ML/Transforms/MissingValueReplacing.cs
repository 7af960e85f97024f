using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Replaces NaN in columns of Single or Double, by 0 or by a statistic of the column.</summary>
public sealed class MissingValueReplacingEstimator : IEstimator<MissingValueReplacingTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly IReadOnlyList<InputOutputColumnPair> _columns;
    private readonly ReplacementMode _mode;
    private readonly bool _imputeBySlot;

    internal MissingValueReplacingEstimator(IHostEnvironment env, IReadOnlyList<InputOutputColumnPair> columns, ReplacementMode mode,
        bool imputeBySlot)
    {
        _env = env;
        _columns = columns;
        _mode = mode;
        _imputeBySlot = imputeBySlot;
    }

    public MissingValueReplacingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var sources = _columns.Select(pair => input.Schema.Require(pair.InputColumnName, parameter: nameof(input))).ToArray();
        foreach (var source in sources)
            Check(source.Type.ItemTypeOf(), nameof(input));
        return new MissingValueReplacingTransformer(_env, _columns, MissingValueStatistics.Compute(input, sources, _mode, _imputeBySlot));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With([.. _columns.Select(pair =>
        {
            var column = inputSchema.Require(pair.InputColumnName);
            Check(column.ItemType, nameof(inputSchema));
            var kept = new SchemaShape(column.Annotations.Where(a => a.Name is AnnotationKinds.SlotNames or AnnotationKinds.IsNormalized));
            return new SchemaShape.Column(pair.OutputColumnName, column.Kind, column.ItemType, column.IsKey, kept);
        })]);
    }

    internal static void Check(DataViewType itemType, string parameter)
    {
        if (itemType != NumberDataViewType.Single && itemType != NumberDataViewType.Double)
            throw new ArgumentOutOfRangeException(parameter, $"Type '{itemType}' has no missing value that could be replaced.");
    }

    /// <summary>What takes the place of missing values.</summary>
    public enum ReplacementMode : byte
    {
        DefaultValue = 0,
        Mean = 1,
        Minimum = 2,
        Maximum = 3,
        Mode = 5,
    }
}

/// <inheritdoc cref="MissingValueReplacingEstimator"/>
public sealed class MissingValueReplacingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ReplaceMissingValues";

    // For each column one value, or one for each slot.
    private readonly IReadOnlyList<double[]> _replacements;

    internal MissingValueReplacingTransformer(IHostEnvironment env, IReadOnlyList<InputOutputColumnPair> columns,
        IReadOnlyList<double[]> replacements)
        : base(env.Register(nameof(MissingValueReplacingTransformer)), columns) => _replacements = replacements;

    internal MissingValueReplacingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(env.Register(nameof(MissingValueReplacingTransformer)), ctx) =>
        _replacements = [.. ColumnPairs.Select(_ => Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.Reader.ReadDouble()).ToArray())];

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        SaveColumns(ctx);
        foreach (var replacement in _replacements)
        {
            ctx.Writer.Write(replacement.Length);
            foreach (var value in replacement)
                ctx.Writer.Write(value);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly IReadOnlyList<double[]> _replacements;

        public Mapper(MissingValueReplacingTransformer parent, DataViewSchema inputSchema) : base(parent, inputSchema)
        {
            _replacements = parent._replacements;
            foreach (var (i, source) in Sources.Index())
            {
                MissingValueReplacingEstimator.Check(source.Type.ItemTypeOf(), nameof(inputSchema));
                if (_replacements[i].Length > 1 && (source.Type as VectorDataViewType)?.Size != _replacements[i].Length)
                    throw new ArgumentOutOfRangeException(nameof(inputSchema),
                        $"Column '{source.Name}' of type {source.Type} must be a vector of {_replacements[i].Length}");
            }
        }

        protected override DataViewSchema.DetachedColumn MakeOutputColumn(int output) => new(Pairs[output].OutputColumnName,
            Sources[output].Type, Keep(output, AnnotationKinds.SlotNames, AnnotationKinds.IsNormalized));

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer)
        {
            disposer = null;
            var source = input.Schema[Sources[output].Index];
            return source.Type.ItemTypeOf() == NumberDataViewType.Single
                ? CreateGetter(input, source, [.. _replacements[output].Select(value => (float)value)], float.IsNaN)
                : CreateGetter(input, source, _replacements[output], double.IsNaN);
        }

        private static Delegate CreateGetter<T>(DataViewRow input, DataViewSchema.Column column, T[] replacements, Func<T, bool> isMissing)
        {
            if (column.Type is not VectorDataViewType)
            {
                var get = input.GetGetter<T>(column);
                return (ValueGetter<T>)((ref T value) =>
                {
                    get(ref value);
                    if (isMissing(value))
                        value = replacements[0];
                });
            }
            var getVector = input.GetGetter<VBuffer<T>>(column);
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> vector) =>
            {
                getVector(ref vector);
                var indices = vector.GetIndices();
                var editor = VBufferEditor.CreateFromBuffer(ref vector);
                for (var i = 0; i < editor.Values.Length; i++)
                    if (isMissing(editor.Values[i]))
                        editor.Values[i] = replacements[replacements.Length == 1 ? 0 : vector.IsDense ? i : indices[i]];
                vector = editor.Commit();
            });
        }
    }
}
