namespace NoisyNN.Transforms.Files;

/// <summary>A pipe cannot be written, because the program at its other end has closed it.</summary>
sealed class ReaderGoneException(string message) : IOException(message, DescriptorStream.ReaderHasGone);
