using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Transforms.Nuisances;

/// <summary>Puts a nuisance on a column of pixels, and makes a column with its place.</summary>
/// <remarks>
/// <para>
/// The column is a <c>Vector&lt;Single, channels, height, width&gt;</c>, 0 to 255. The place is text, one of
/// <see cref="NuisancePlace.Names"/>. A nuisance belongs to the data: it acts on every view, in training and afterwards.
/// </para>
/// <para>
/// Fitting reads the view once if the nuisance takes pixels from other images. It keeps up to 256 of them, which the row ids and the seed
/// choose. A row's result is a function of the seed, the row's id and these images.
/// </para>
/// </remarks>
/// <example><code>
/// var occlude = ml.Nuisance.Occlude("Pixels", size: 10, fill: OcclusionFill.OtherImage, seed: 1);
/// var rows = occlude.Fit(train).Transform(test);
/// var bits = ml.Entropy.Information(features, "Features", "Place");
/// </code></example>
public sealed class NuisanceEstimator : IEstimator<NuisanceTransformer>
{
    /// <summary>The nuisance and its columns.</summary>
    public sealed class Options
    {
        /// <summary>The column to make.</summary>
        public string OutputColumnName = "Pixels";

        /// <summary>The column with the images; null for the output column itself, in place.</summary>
        public string? InputColumnName;

        /// <summary>The column to make for the place.</summary>
        public string PlaceColumnName = "Place";

        /// <summary>The nuisance.</summary>
        public NuisanceDefinition? Nuisance;

        /// <summary>The seed; null draws one from the context.</summary>
        public int? Seed;

        internal string Input => InputColumnName ?? OutputColumnName;

        internal Options Copy() => (Options)MemberwiseClone();
    }

    readonly MLContext _context;
    readonly Options _options;

    /// <param name="context">Its seed is used where the options have none.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <exception cref="ArgumentException">There is no nuisance, or a column name is empty or made twice.</exception>
    public NuisanceEstimator(MLContext context, Options options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Nuisance);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.PlaceColumnName);
        if (options.InputColumnName is not null)
            ArgumentException.ThrowIfNullOrEmpty(options.InputColumnName);
        if (options.PlaceColumnName == options.OutputColumnName)
            throw new ArgumentException(
                $"Column '{options.OutputColumnName}' is made twice; give the place another name.",
                nameof(options)
            );
        _context = context;
        _options = options.Copy();
        _options.Seed ??= ((IHostEnvironment)context).Register(nameof(NuisanceEstimator)).Rand.Next();
    }

    /// <summary>Checks the column, and chooses the images that pixels are taken from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no image.</exception>
    /// <exception cref="ArgumentException">The nuisance does not fit the images.</exception>
    /// <exception cref="InvalidOperationException">There is no row to take pixels from.</exception>
    public NuisanceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = FindImages(input.Schema, _options.Input, out var shape);
        _options.Nuisance!.ShapeOf(shape);
        var pool = new ImagePool((uint)_options.Seed!.Value);
        if (_options.Nuisance.TakesOtherImages)
            Read(input, column, pool);
        return new(_options, pool.Images);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no vector of Single.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var column = inputSchema.FirstOrDefault(column => column.Name == _options.Input);
        if (column.Name is null)
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Could not find input column '{_options.Input}'.");
        if (column.Kind is not SchemaShape.Column.VectorKind.Vector || column.ItemType != NumberDataViewType.Single)
            throw NotImages(_options.Input, $"{column.Kind} of {column.ItemType}");
        // A shape knows no sizes; one pixel stands for them.
        return OutputSchema.Append(_context, inputSchema, NuisanceMapper.Columns(_options, new ImageShape(1, 1, 1)));
    }

    internal static DataViewSchema.Column FindImages(DataViewSchema schema, string name, out ImageShape shape)
    {
        var column =
            schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(schema), $"Could not find input column '{name}'.");
        if (column.Type is not VectorDataViewType { Dimensions: [var channels, var height, var width] } type)
            throw NotImages(name, $"{column.Type}");
        if (type.ItemType != NumberDataViewType.Single || channels is not (1 or 3) || height < 1 || width < 1)
            throw NotImages(name, $"{column.Type}");
        shape = new(channels, height, width);
        return column;
    }

    static void Read(IDataView input, DataViewSchema.Column column, ImagePool pool)
    {
        using var cursor = input.GetRowCursor([column]);
        var (read, readId) = (cursor.GetGetter<VBuffer<float>>(column), cursor.GetIdGetter());
        var (pixels, dense, id) = (default(VBuffer<float>), default(VBuffer<float>), default(DataViewRowId));
        while (cursor.MoveNext())
        {
            read(ref pixels);
            readId(ref id);
            pixels.CopyToDense(ref dense);
            pool.Add(id, dense.GetValues());
        }
        if (pool.Images.Count == 0)
            throw new InvalidOperationException("The view has no row to take pixels from; fit the nuisance on the training rows.");
    }

    static ArgumentOutOfRangeException NotImages(string name, string type) =>
        new(
            nameof(name),
            $"Schema mismatch for input column '{name}': it is {type}. A nuisance takes pixels as Vector<Single, channels, height, width> "
                + "with 1 or 3 channels, as ml.Images.Load makes them."
        );
}
