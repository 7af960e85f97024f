using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>Images in files. A row is an index into them. They are kept decoded, or decoded whenever a row is read.</summary>
sealed class FolderImageTable(IReadOnlyList<FolderImage> images, ImageDecoder decoder, byte[][]? decoded, ImageShape shape)
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
            return decoder.Decode(decoder.ReadFile(images[row].Path));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"{images[row].Path}: {exception.Message.TrimEnd('.')}. Repair or remove the file, or {ImageFolderOptions.SkipRemedy}.",
                exception
            );
        }
    }
}
