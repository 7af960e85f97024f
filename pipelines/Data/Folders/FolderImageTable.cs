using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>Images in files. A row is an index into them. They are kept decoded, or decoded whenever a row is read.</summary>
sealed class FolderImageTable(string root, IReadOnlyList<FolderImage> images, ImageDecoder decoder, byte[][]? decoded, ImageShape shape)
    : ImageTable(shape)
{
    public override int ClassOf(int row) => images[row].Class;

    public override ReadOnlyMemory<char> IdOf(int row) => images[row].Id.AsMemory();

    public override ReadOnlySpan<byte> PixelsOf(int row)
    {
        if (decoded is not null)
            return decoded[row];
        try
        {
            return decoder.Decode(ReadFile(root, images[row], decoder));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"{images[row].Path}: {exception.Message.TrimEnd('.')}. Repair or remove the file, or {ImageFolderOptions.SkipRemedy}.",
                exception
            );
        }
    }

    /// <summary>Reads a file of the folder. A link may lead to another place in the folder, but not out of it.</summary>
    public static byte[] ReadFile(string root, FolderImage image, ImageDecoder decoder) =>
        decoder.ReadFile(new FileInfo(image.Path).LinkTarget is null ? image.Path : ContainedPath.Resolve(root, image.Id));
}
