using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that computes columns of a row from other columns of the same row.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase(IHost host) => Host = host;

    private protected IHost Host { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema).OutputSchema;
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    private protected abstract void SaveModel(ModelSaveContext ctx);

    private protected abstract RowMapper MakeRowMapper(DataViewSchema inputSchema);

    private RowMapping Bind(DataViewSchema inputSchema) => new(MakeRowMapper(inputSchema));
}

/// <summary>A transformer of which each output column is computed from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(IHost host, IReadOnlyList<InputOutputColumnPair> columns) : base(host)
    {
        if (columns.Count == 0)
            throw new ArgumentOutOfRangeException(nameof(columns), "At least one pair of columns is needed.");
        var repeated = columns.GroupBy(pair => pair.OutputColumnName).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null)
            throw new ArgumentOutOfRangeException(nameof(columns), $"Output column '{repeated.Key}' specified multiple times");
        ColumnPairs = columns;
    }

    private protected IReadOnlyList<InputOutputColumnPair> ColumnPairs { get; }

    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx) : this(host, ctx.ReadColumnPairs())
    {
    }

    private protected void SaveColumns(ModelSaveContext ctx) => ctx.WriteColumnPairs(ColumnPairs);

    /// <summary>Finds the input columns; the type of each must suit.</summary>
    private protected abstract class OneToOneMapper : RowMapper
    {
        private DataViewSchema.DetachedColumn[] _outputColumns;

        protected OneToOneMapper(OneToOneTransformerBase parent, DataViewSchema inputSchema) : base(inputSchema)
        {
            Pairs = parent.ColumnPairs;
            Sources = [.. Pairs.Select(pair => inputSchema.Require(pair.InputColumnName))];
        }

        protected IReadOnlyList<InputOutputColumnPair> Pairs { get; }

        protected IReadOnlyList<DataViewSchema.Column> Sources { get; }

        public sealed override IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns =>
            _outputColumns ??= [.. Pairs.Select((_, i) => MakeOutputColumn(i))];

        public sealed override IEnumerable<int> GetDependencies(int output) => [Sources[output].Index];

        protected abstract DataViewSchema.DetachedColumn MakeOutputColumn(int output);

        /// <summary>The input's annotations of the named kinds.</summary>
        protected DataViewSchema.Annotations Keep(int output, params string[] kinds)
        {
            var builder = new DataViewSchema.Annotations.Builder();
            builder.Add(Sources[output].Annotations, kinds.Contains);
            return builder.ToAnnotations();
        }
    }
}
