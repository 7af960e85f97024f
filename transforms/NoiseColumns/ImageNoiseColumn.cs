using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.NoiseColumns.Values;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>
/// Noise on a column of images. It changes red, green and blue planes of the values 0 to 255, and makes a new image for each row.
/// </summary>
/// <remarks>
/// The element order is that of ML.NET's ExtractPixels. So an image gets the noise that its extracted pixels would get, apart from
/// rounding. As in ML.NET's own image transforms, a getter disposes of the previous image in the same variable.
/// </remarks>
sealed class ImageNoiseColumn : NoiseColumn
{
    readonly int[]? _shape;
    readonly KernelsBySize<(int Height, int Width)> _kernels;

    /// <exception cref="InvalidOperationException">The mixing is singular over the images' height or channels.</exception>
    public ImageNoiseColumn(DataViewSchema.Column input, string outputName, NoiseEstimator.Options options)
        : base(input, outputName, options)
    {
        _shape = ShapeOf((ImageDataViewType)input.Type);
        _kernels = new(size => NoiseKernel.Create(Noise, [ImagePlanes.Count, size.Height, size.Width]));
        if (_shape is [_, var height, var width])
            _kernels.Of((height, width));
    }

    /// <summary>One row's dimensions; null if each image has its own.</summary>
    public static int[]? ShapeOf(ImageDataViewType type) =>
        type is { Height: > 0, Width: > 0 } ? [ImagePlanes.Count, type.Height, type.Width] : null;

    public override Delegate CreateIdentityGetter(DataViewRow row) => row.GetGetter<MLImage>(row.Schema[Input.Index]);

    public override Delegate CreateNoiseGetter(DataViewRow row)
    {
        var read = row.GetGetter<MLImage>(row.Schema[Input.Index]);
        var readId = row.GetIdGetter();
        var planes = new ImagePlanes();
        var id = new DataViewRowId[1];
        MLImage? clean = null;
        return (ValueGetter<MLImage>)(
            (ref MLImage value) =>
            {
                readId(ref id[0]);
                read(ref clean!);
                // A missing image stays missing.
                var noisy = clean is null ? null : Perturb(clean, planes, id);
                value?.Dispose();
                value = noisy!;
            }
        );
    }

    MLImage Perturb(MLImage image, ImagePlanes planes, DataViewRowId[] id)
    {
        var (height, width) = (image.Height, image.Width);
        if (_shape is [_, var knownHeight, var knownWidth] && (height != knownHeight || width != knownWidth))
        {
            throw new InvalidOperationException(
                $"Column '{Input.Name}' has an image of {height} x {width} pixels in row "
                    + $"{RowName.Of(id[0])}, but its type says {knownHeight} x {knownWidth}."
            );
        }
        var values = planes.Read(image);
        if (Choice.Includes(id[0]))
        {
            try
            {
                _kernels.Of((height, width)).Apply(values, 1, Seed, id);
            }
            catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
            {
                throw new InvalidOperationException(
                    $"Column '{Input.Name}', an image of {height} x {width} pixels in row {RowName.Of(id[0])}: {exception.Message}",
                    exception
                );
            }
        }
        return planes.Write(image);
    }
}
