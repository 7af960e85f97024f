using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>Says what is unusual about the images of a folder, one sentence for each kind.</summary>
static class FolderNotes
{
    static readonly (ImageNotes Note, string Text)[] s_texts =
    [
        (ImageNotes.Animation, "are animations; only their first frames are used"),
        (ImageNotes.PartialFrame, "are GIFs whose first frame does not cover the canvas; the rest is white"),
        (ImageNotes.Cmyk, "are CMYK; their colours are converted without a profile"),
        (ImageNotes.ColourProfile, "have a colour profile other than sRGB; their values are taken as they are"),
        (ImageNotes.SixteenBits, "have 16 bits a channel; the upper 8 are used"),
    ];

    public static IEnumerable<string> Describe(IReadOnlyCollection<FolderFile> files)
    {
        foreach (var (note, text) in s_texts)
        {
            var noted = files.Where(file => file.Notes.HasFlag(note)).ToList();
            if (noted.Count > 0)
                yield return $"{noted.Count} files {text} (first: {noted[0].Image.Id}).";
        }
    }
}
