using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Shows a column under another name, with its annotations.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    private readonly IReadOnlyList<InputOutputColumnPair> _columns;

    internal ColumnCopyingEstimator(IHostEnvironment env, IReadOnlyList<InputOutputColumnPair> columns)
        : base(env.Register(nameof(ColumnCopyingEstimator)), new ColumnCopyingTransformer(env, columns)) => _columns = columns;

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With([.. _columns.Select(pair => inputSchema.Require(pair.InputColumnName).Renamed(pair.OutputColumnName))]);
    }
}

/// <inheritdoc cref="ColumnCopyingEstimator"/>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "CopyColumns";

    internal ColumnCopyingTransformer(IHostEnvironment env, IReadOnlyList<InputOutputColumnPair> columns)
        : base(env.Register(nameof(ColumnCopyingTransformer)), columns)
    {
    }

    internal ColumnCopyingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(env.Register(nameof(ColumnCopyingTransformer)), ctx)
    {
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        SaveColumns(ctx);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper(OneToOneTransformerBase parent, DataViewSchema inputSchema) : OneToOneMapper(parent, inputSchema)
    {
        protected override DataViewSchema.DetachedColumn MakeOutputColumn(int output) =>
            new(Pairs[output].OutputColumnName, Sources[output].Type, Sources[output].Annotations);

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer)
        {
            disposer = null;
            return (Delegate)GenericDispatch.Invoke(input.GetGetter<int>, Sources[output].Type.RawType,
                input.Schema[Sources[output].Index]);
        }
    }
}
