using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps the named columns, in the order of the names, or drops the named columns.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(IHostEnvironment env, string[] names, bool keep, bool keepHidden)
        : base(env.Register(nameof(ColumnSelectingEstimator)), new ColumnSelectingTransformer(env, names, keep, keepHidden))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Transformer.CheckPresent(inputSchema.Select(column => column.Name));
        return new SchemaShape(inputSchema.Where(column => Transformer.Keeps(column.Name)));
    }
}

/// <inheritdoc cref="ColumnSelectingEstimator"/>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string Signature = "SelectColumns";
    private readonly string[] _names;
    private readonly bool _keep;
    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(IHostEnvironment env, string[] names, bool keep, bool keepHidden)
    {
        ArgumentNullException.ThrowIfNull(env);
        if (names is null || names.Length == 0)
            throw new InvalidOperationException("No columns are named to keep or to drop.");
        _names = names;
        _keep = keep;
        _keepHidden = keepHidden;
    }

    internal ColumnSelectingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : this(env, ctx.ReadStrings(), ctx.Reader.ReadBoolean(), ctx.Reader.ReadBoolean())
    {
    }

    bool ITransformer.IsRowToRowMapper => true;

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        ctx.WriteStrings(_names);
        ctx.Writer.Write(_keep);
        ctx.Writer.Write(_keepHidden);
    }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema).OutputSchema;
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SelectedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema);
    }

    internal bool Keeps(string name) => _names.Contains(name) == _keep;

    internal void CheckPresent(IEnumerable<string> present)
    {
        var missing = _names.Except(present).ToList();
        if (missing.Count > 0)
            throw SchemaMismatch.Missing("inputSchema", "input", string.Join(",", missing));
    }

    private ColumnSelection Bind(DataViewSchema schema)
    {
        CheckPresent(schema.Select(column => column.Name));
        // Dropping keeps hidden columns of other names; keeping goes by the order of the names.
        var chosen = _keep
            ? _names.SelectMany(name => schema.Where(column => column.Name == name && (_keepHidden || !column.IsHidden)))
            : schema.Where(column => Keeps(column.Name));
        return new ColumnSelection(schema, [.. chosen.Select(column => column.Index)]);
    }
}
