namespace NoisyNN.Pipelines.Data.Formats.Labelled;

/// <summary>Images with their classes, as a file holds them.</summary>
/// <param name="Pixels">The images one after the other, each planar, 0 to 255.</param>
/// <param name="Classes">The class of each image.</param>
sealed record LabelledImages(byte[] Pixels, byte[] Classes);
