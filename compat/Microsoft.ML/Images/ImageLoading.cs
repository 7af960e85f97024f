using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>Reads the files that a text column names, as images or as bytes.</summary>
public sealed class ImageLoadingEstimator : TrivialEstimator<ImageLoadingTransformer>
{
    private readonly IReadOnlyList<InputOutputColumnPair> _columns;
    private readonly bool _asImages;

    internal ImageLoadingEstimator(IHostEnvironment env, string imageFolder, bool asImages, IReadOnlyList<InputOutputColumnPair> columns)
        : base(env.Register(nameof(ImageLoadingEstimator)), new ImageLoadingTransformer(env, imageFolder, asImages, columns))
    {
        _columns = columns;
        _asImages = asImages;
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        DataViewType type = _asImages ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte);
        foreach (var pair in _columns)
        {
            var column = inputSchema.Require(pair.InputColumnName);
            if (column.ItemType is not TextDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", column.Name, TextDataViewType.Instance.ToString(),
                    column.TypeName);
        }
        return inputSchema.With([.. _columns.Select(pair => new SchemaShape.Column(pair.OutputColumnName, type))]);
    }
}

/// <inheritdoc cref="ImageLoadingEstimator"/>
public sealed class ImageLoadingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "LoadImages";
    private readonly bool _asImages;

    /// <summary>The folder that the names are relative to.</summary>
    public readonly string ImageFolder;

    internal ImageLoadingTransformer(IHostEnvironment env, string imageFolder, bool asImages, IReadOnlyList<InputOutputColumnPair> columns)
        : base(env.Register(nameof(ImageLoadingTransformer)), columns)
    {
        if (!string.IsNullOrEmpty(imageFolder) && !Directory.Exists(imageFolder))
            throw new ArgumentException($"Directory \"{imageFolder}\" does not exist.");
        ImageFolder = string.IsNullOrEmpty(imageFolder) ? null : Path.GetFullPath(imageFolder);
        _asImages = asImages;
    }

    internal ImageLoadingTransformer(IHostEnvironment env, ModelLoadContext ctx) : base(env.Register(nameof(ImageLoadingTransformer)), ctx)
    {
        _asImages = ctx.Reader.ReadBoolean();
        ImageFolder = ctx.Reader.ReadString() is { Length: > 0 } folder ? folder : null;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        SaveColumns(ctx);
        ctx.Writer.Write(_asImages);
        ctx.Writer.Write(ImageFolder ?? "");
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly ImageLoadingTransformer _parent;

        public Mapper(ImageLoadingTransformer parent, DataViewSchema inputSchema) : base(parent, inputSchema)
        {
            _parent = parent;
            foreach (var column in Sources)
                if (column.Type is not TextDataViewType)
                    throw SchemaMismatch.WrongType(nameof(inputSchema), "input", column.Name, TextDataViewType.Instance.ToString(),
                        column.Type.ToString());
        }

        protected override DataViewSchema.DetachedColumn MakeOutputColumn(int output) =>
            new(Pairs[output].OutputColumnName, _parent._asImages ? new ImageDataViewType()
                : new VectorDataViewType(NumberDataViewType.Byte));

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer)
        {
            var getName = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[Sources[output].Index]);
            return _parent._asImages ? Images(getName, out disposer) : Bytes(getName, out disposer);
        }

        private ValueGetter<MLImage> Images(ValueGetter<ReadOnlyMemory<char>> getName, out Action disposer)
        {
            ReadOnlyMemory<char> name = default;
            MLImage last = null;
            disposer = () =>
            {
                last?.Dispose();
                last = null;
            };
            return (ref MLImage destination) =>
            {
                destination?.Dispose();
                destination = null;
                getName(ref name);
                if (!name.IsEmpty)
                {
                    var path = PathOf(name);
                    destination = ImageCodec.Decode(File.ReadAllBytes(path), reason =>
                        new ArgumentException($"Invalid input stream contents: '{path}' cannot be decoded: {reason}."));
                    destination.Tag = path;
                }
                last = destination;
            };
        }

        private ValueGetter<VBuffer<byte>> Bytes(ValueGetter<ReadOnlyMemory<char>> getName, out Action disposer)
        {
            ReadOnlyMemory<char> name = default;
            disposer = null;
            return (ref VBuffer<byte> destination) =>
            {
                getName(ref name);
                using var file = name.IsEmpty ? null : File.OpenHandle(PathOf(name));
                var editor = VBufferEditor.Create(ref destination, file is null ? 0 : checked((int)RandomAccess.GetLength(file)));
                for (var read = 0; file is not null && read < editor.Values.Length;)
                {
                    var count = RandomAccess.Read(file, editor.Values[read..], read);
                    if (count == 0)
                        throw new EndOfStreamException($"The file '{PathOf(name)}' became shorter while it was read.");
                    read += count;
                }
                destination = editor.Commit();
            };
        }

        private string PathOf(ReadOnlyMemory<char> name) =>
            string.IsNullOrWhiteSpace(_parent.ImageFolder) ? name.ToString() : Path.Combine(_parent.ImageFolder, name.ToString());
    }
}
