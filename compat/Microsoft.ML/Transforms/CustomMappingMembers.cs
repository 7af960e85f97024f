using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>What a custom mapping reads and what it adds.</summary>
internal sealed class CustomMappingMembers<TSrc, TDst>(SchemaDefinition input, SchemaDefinition output)
    where TSrc : class, new()
    where TDst : class, new()
{
    public SchemaDefinition Input { get; } = input ?? SchemaDefinition.Create(typeof(TSrc), SchemaDefinition.Direction.Write);

    public RowSchema Added { get; } = RowSchema.Create(typeof(TDst), output, SchemaDefinition.Direction.Read);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var item in Input)
        {
            var name = string.IsNullOrEmpty(item.ColumnName) ? item.MemberName : item.ColumnName;
            var column = inputSchema.Require(name);
            var expected = new SchemaShape.Column(name, item.ColumnType
                ?? RowMember.Named(typeof(TSrc), item.MemberName).InferColumnType());
            // Where vectors of any size are taken, vectors of one size are, too.
            var suits = column.Kind == expected.Kind || (expected.Kind, column.Kind)
                is (SchemaShape.Column.VectorKind.VariableVector, SchemaShape.Column.VectorKind.Vector);
            if (!suits || !column.ItemType.Equals(expected.ItemType) || column.IsKey != expected.IsKey)
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", name, expected.TypeName, column.TypeName);
        }
        return inputSchema.With([.. SchemaShape.Create(Added.Schema)]);
    }
}

/// <summary>Runs a custom mapping once for each row, whatever the number of columns that are asked for.</summary>
internal sealed class CustomMappingMapper<TSrc, TDst> : RowMapper
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly CustomMappingMembers<TSrc, TDst> _members;
    private readonly Func<DataViewRow, Action<TSrc, TDst>> _createAction;
    private readonly List<(RowMember Member, DataViewSchema.Column Column)> _bound;

    public CustomMappingMapper(DataViewSchema inputSchema, CustomMappingMembers<TSrc, TDst> members,
        Func<DataViewRow, Action<TSrc, TDst>> createAction)
        : base(inputSchema)
    {
        _members = members;
        _createAction = createAction;
        _bound = RowSetters<TSrc>.Bind(inputSchema, members.Input, ignoreMissingColumns: false);
        OutputColumns = [.. members.Added.Schema.Select(column => new DataViewSchema.DetachedColumn(column))];
    }

    public override IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; }

    public override IEnumerable<int> GetDependencies(int output) => _bound.Select(bound => bound.Column.Index);

    public override Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isActive, out Action disposer)
    {
        var getters = new Delegate[OutputColumns.Count];
        disposer = null;
        if (!Enumerable.Range(0, getters.Length).Any(isActive))
            return getters;

        var setters = RowSetters<TSrc>.Create([.. _bound.Select(bound => (bound.Member, input.Schema[bound.Column.Index]))], input);
        var mapping = new Mapping(input, setters, _createAction(input));
        var source = new RowGetters<TDst>(mapping.Destination);
        for (var i = 0; i < getters.Length; i++)
            if (isActive(i))
                getters[i] = (Delegate)GenericDispatch.Invoke(AfterMapping<int>, OutputColumns[i].Type.RawType, mapping,
                    source.Create(_members.Added.Columns[i]));
        return getters;
    }

    protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer) =>
        throw new NotSupportedException("The getters of a custom mapping are made together.");

    private static ValueGetter<T> AfterMapping<T>(Mapping mapping, Delegate getter)
    {
        var get = (ValueGetter<T>)getter;
        return (ref T destination) =>
        {
            mapping.EnsureDone();
            get(ref destination);
        };
    }

    private sealed class Mapping(DataViewRow input, Action<TSrc>[] setters, Action<TSrc, TDst> action)
    {
        private readonly TSrc _source = new();
        private long _position = -1;

        public CurrentRow<TDst> Destination { get; } = new() { Value = new TDst() };

        public void EnsureDone()
        {
            if (_position == input.Position)
                return;
            foreach (var set in setters)
                set(_source);
            action(_source, Destination.Value);
            _position = input.Position;
        }
    }
}
