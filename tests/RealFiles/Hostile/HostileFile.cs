namespace NoisyNN.Tests.RealFiles.Hostile;

/// <summary>A file that was damaged, or made to harm.</summary>
/// <param name="Name">What was done to which file.</param>
/// <param name="Content">The bytes.</param>
/// <param name="IsCut">Whether the end is missing.</param>
sealed record HostileFile(string Name, byte[] Content, bool IsCut = false);
