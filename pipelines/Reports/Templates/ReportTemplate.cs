using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;
using Fluid.Values;
using Microsoft.Extensions.FileProviders;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Reports.Templates;

/// <summary>
/// The pages of <c>Templates/</c>: Liquid files inside the program. A template names the members of its model in camel case, as
/// <c>summary.json</c> does. Every text is encoded unless the template says <c>raw</c>, and loses its control characters.
/// </summary>
static class ReportTemplate
{
    // What HTML gives a meaning to is encoded; letters and signs of all scripts stay readable in the file.
    static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    static readonly EmbeddedFileProvider s_files = new(Assembly.GetExecutingAssembly(), typeof(ReportTemplate).Namespace!);

    static readonly TemplateOptions s_options = Options();

    static readonly IFluidTemplate s_page = new FluidParser().Parse(Read("page.liquid"));

    static readonly string s_style = Read("report.css");

    /// <summary>A whole page that loads nothing: styles and drawings are inside.</summary>
    /// <param name="content">The template of what the page shows, a file of <c>Templates/</c> without its ending.</param>
    /// <param name="model">What the template names; it has a member <c>summary</c> with a name.</param>
    public static string Render(string content, object model)
    {
        var context = new TemplateContext(model, s_options);
        context.SetValue("content", content);
        context.SetValue("style", s_style);
        return s_page.Render(context, s_encoder);
    }

    static TemplateOptions Options()
    {
        var options = new TemplateOptions
        {
            MemberAccessStrategy = new StrictMembers(),
            FileProvider = s_files,
            CultureInfo = CultureInfo.InvariantCulture,
            TimeZone = TimeZoneInfo.Utc,
            StrictFilters = true,
        };
        options.ValueConverters.Add(value =>
            value switch
            {
                string text => new StringValue(Printable.Lines(text)),
                // What was not measured is written as a dash.
                double number when !double.IsFinite(number) => NilValue.Instance,
                _ => null,
            }
        );
        ReportFilters.AddTo(options.Filters);
        return options;
    }

    static string Read(string name)
    {
        using var reader = new StreamReader(s_files.GetFileInfo(name).CreateReadStream());
        return reader.ReadToEnd();
    }

    /// <summary>All members of the models, in camel case; a misspelt name is an error, not an empty place in the page.</summary>
    sealed class StrictMembers : MemberAccessStrategy
    {
        readonly UnsafeMemberAccessStrategy _all = new() { MemberNameStrategy = MemberNameStrategies.CamelCase };

        public override IMemberAccessor GetAccessor(Type type, string name) =>
            _all.GetAccessor(type, name)
            ?? throw new InvalidOperationException($"A template of the report names '{name}', which {type.Name} lacks.");

        public override void Register(Type type, IEnumerable<KeyValuePair<string, IMemberAccessor>> accessors) =>
            _all.Register(type, accessors);
    }
}
