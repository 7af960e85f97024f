using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms
{
    /// <summary>Puts columns of one item type behind each other into one vector column.</summary>
    public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
    {
        private readonly IHostEnvironment _env;
        private readonly string _name;
        private readonly string[] _sources;

        internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        {
            Argument.NonEmpty(outputColumnName);
            ArgumentNullException.ThrowIfNull(inputColumnNames);
            if (inputColumnNames.Length == 0)
                throw new ArgumentOutOfRangeException(nameof(inputColumnNames), "Input columns not specified");
            if (inputColumnNames.Any(string.IsNullOrEmpty))
                throw new ArgumentOutOfRangeException(nameof(inputColumnNames), "Contained some null or empty items");
            _env = env;
            _name = outputColumnName;
            _sources = inputColumnNames;
        }

        public ColumnConcatenatingTransformer Fit(IDataView input)
        {
            ArgumentNullException.ThrowIfNull(input);
            return new ColumnConcatenatingTransformer(_env, _name, _sources);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            ArgumentNullException.ThrowIfNull(inputSchema);
            var columns = _sources.Select(name => inputSchema.Require(name)).ToList();
            var itemType = columns[0].ItemType;
            foreach (var column in columns)
            {
                if (column.IsKey)
                    throw new InvalidOperationException($"Column '{column.Name}' is key. Concatenation of keys is unsupported.");
                if (!column.ItemType.Equals(itemType))
                    throw new InvalidOperationException($"Concatenated columns should have the same type. Column '{column.Name}' has type "
                        + $"of {column.ItemType}, but expected column type is {itemType}.");
            }
            var annotations = new List<SchemaShape.Column>();
            if (columns.All(column => column.Annotations.TryFind(AnnotationKinds.IsNormalized, out _)))
                annotations.Add(new(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance));
            if (columns.Any(column => column.Kind == SchemaShape.Column.VectorKind.Scalar
                || column.Annotations.TryFind(AnnotationKinds.SlotNames, out _)))
                annotations.Add(new(AnnotationKinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance,
                    isKey: false));
            var kind = columns.Any(column => column.Kind == SchemaShape.Column.VectorKind.VariableVector)
                ? SchemaShape.Column.VectorKind.VariableVector
                : SchemaShape.Column.VectorKind.Vector;
            return inputSchema.With(new SchemaShape.Column(_name, kind, itemType, isKey: false, new SchemaShape(annotations)));
        }
    }
}

namespace Microsoft.ML.Data
{
    /// <inheritdoc cref="Transforms.ColumnConcatenatingEstimator"/>
    public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
    {
        internal const string Signature = "Concatenate";
        private readonly string _name;
        private readonly string[] _sources;

        internal ColumnConcatenatingTransformer(IHostEnvironment env, string name, string[] sources)
            : base(env.Register(nameof(ColumnConcatenatingTransformer)))
        {
            _name = name;
            _sources = sources;
        }

        internal ColumnConcatenatingTransformer(IHostEnvironment env, ModelLoadContext ctx)
            : base(env.Register(nameof(ColumnConcatenatingTransformer)))
        {
            _name = ctx.Reader.ReadString();
            _sources = ctx.ReadStrings();
        }

        private protected override void SaveModel(ModelSaveContext ctx)
        {
            ctx.SetSignature(Signature, 1);
            ctx.Writer.Write(_name);
            ctx.WriteStrings(_sources);
        }

        private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

        private sealed class Mapper : RowMapper
        {
            private readonly DataViewSchema.Column[] _columns;
            private readonly DataViewSchema.DetachedColumn _output;

            public Mapper(ColumnConcatenatingTransformer parent, DataViewSchema inputSchema) : base(inputSchema)
            {
                _columns = [.. parent._sources.Select(name => inputSchema.Require(name))];
                var itemType = _columns[0].Type.ItemTypeOf();
                foreach (var column in _columns)
                    if (!column.Type.ItemTypeOf().Equals(itemType))
                        throw SchemaMismatch.WrongType(nameof(inputSchema), "input", column.Name, itemType.ToString(),
                            column.Type.ToString());
                if (itemType is not PrimitiveDataViewType primitive)
                    throw SchemaMismatch.WrongType(nameof(inputSchema), "input", _columns[0].Name, "a primitive type or a vector of one",
                        itemType.ToString());
                _output = IsIdentity
                    ? new(parent._name, _columns[0].Type, _columns[0].Annotations)
                    : new(parent._name, new VectorDataViewType(primitive, TotalSize), Annotations(itemType));
            }

            public override IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns => [_output];

            private bool IsIdentity => _columns is [{ Type: VectorDataViewType }];

            private int TotalSize => _columns.Any(column => column.Type.ValueCountOf() == 0) ? 0
                : checked(_columns.Sum(column => column.Type.ValueCountOf()));

            public override IEnumerable<int> GetDependencies(int output) => _columns.Select(column => column.Index);

            protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer)
            {
                disposer = null;
                return IsIdentity
                    ? (Delegate)GenericDispatch.Invoke(input.GetGetter<int>, _output.Type.RawType, input.Schema[_columns[0].Index])
                    : (Delegate)GenericDispatch.Invoke(Concatenation<int>, _output.Type.ItemTypeOf().RawType, input);
            }

            private ValueGetter<VBuffer<T>> Concatenation<T>(DataViewRow input)
            {
                var parts = _columns.Select(column => new Part<T>(input, column)).ToArray();
                return (ref VBuffer<T> destination) =>
                {
                    var length = 0;
                    foreach (var part in parts)
                        length = checked(length + part.Fetch());
                    var editor = VBufferEditor.Create(ref destination, length);
                    var values = editor.Values;
                    foreach (var part in parts)
                        values = values[part.CopyTo(values)..];
                    destination = editor.Commit();
                };
            }

            private DataViewSchema.Annotations Annotations(DataViewType itemType)
            {
                var builder = new DataViewSchema.Annotations.Builder();
                if (itemType is NumberDataViewType && _columns.All(column => column.IsNormalized()))
                    builder.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true);
                if (TotalSize > 0 && _columns.Any(column => column.Type is not VectorDataViewType || column.HasSlotNames()))
                    builder.Add<VBuffer<ReadOnlyMemory<char>>>(AnnotationKinds.SlotNames,
                        new VectorDataViewType(TextDataViewType.Instance, TotalSize), SlotNames);
                return builder.ToAnnotations();
            }

            private void SlotNames(ref VBuffer<ReadOnlyMemory<char>> destination)
            {
                var editor = VBufferEditor.Create(ref destination, TotalSize);
                editor.Values.Clear();
                var offset = 0;
                foreach (var column in _columns)
                {
                    if (column.Type is not VectorDataViewType)
                        editor.Values[offset] = column.Name.AsMemory();
                    else if (column.HasSlotNames())
                    {
                        VBuffer<ReadOnlyMemory<char>> names = default;
                        column.GetSlotNames(ref names);
                        foreach (var (index, name) in names.Items())
                            if (!name.IsEmpty)
                                editor.Values[offset + index] = $"{column.Name}.{name}".AsMemory();
                    }
                    offset += column.Type.ValueCountOf();
                }
                destination = editor.Commit();
            }
        }

        /// <summary>One of the columns, with its buffer.</summary>
        private sealed class Part<T>
        {
            private readonly string _name;
            private readonly int _size;
            private readonly ValueGetter<T> _getScalar;
            private readonly ValueGetter<VBuffer<T>> _getVector;
            private T _scalar;
            private VBuffer<T> _vector;

            public Part(DataViewRow input, DataViewSchema.Column column)
            {
                _name = column.Name;
                _size = column.Type.ValueCountOf();
                if (column.Type is VectorDataViewType)
                    _getVector = input.GetGetter<VBuffer<T>>(input.Schema[column.Index]);
                else
                    _getScalar = input.GetGetter<T>(input.Schema[column.Index]);
            }

            public int Fetch()
            {
                if (_getVector is null)
                {
                    _getScalar(ref _scalar);
                    return 1;
                }
                _getVector(ref _vector);
                return _size == 0 || _size == _vector.Length
                    ? _vector.Length
                    : throw new InvalidOperationException($"Column '{_name}': expected {_size} slots, but got {_vector.Length}");
            }

            public int CopyTo(Span<T> values)
            {
                if (_getVector is null)
                {
                    values[0] = _scalar;
                    return 1;
                }
                _vector.CopyTo(values[.._vector.Length]);
                return _vector.Length;
            }
        }
    }
}
