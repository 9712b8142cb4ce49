using Microsoft.Extensions.Options;

namespace OrleansGeo.Api;

/// <summary>Lists everything that is wrong at once, before the server starts.</summary>
internal sealed class GeoApiOptionsValidator : IValidateOptions<GeoApiOptions>
{
    public ValidateOptionsResult Validate(string? name, GeoApiOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.MaxDocumentBytes is < 1024 or > 16 * 1024 * 1024)
        {
            result.AddError($"{options.MaxDocumentBytes}: use 1 KiB to 16 MiB.", nameof(options.MaxDocumentBytes));
        }

        if (options.MaxDocumentDepth is < 1 or > 512)
        {
            result.AddError($"{options.MaxDocumentDepth}: use 1 to 512 levels.", nameof(options.MaxDocumentDepth));
        }

        if (options.MaxDeadline <= TimeSpan.Zero || options.MaxDeadline > GeoCallOptions.LongestDeadline)
        {
            result.AddError($"{options.MaxDeadline}: use a positive time, at most {GeoCallOptions.LongestDeadline}.", nameof(options.MaxDeadline));
        }

        if (options.DefaultDeadline <= TimeSpan.Zero || options.DefaultDeadline > options.MaxDeadline)
        {
            result.AddError($"{options.DefaultDeadline}: use a positive time, at most MaxDeadline.", nameof(options.DefaultDeadline));
        }

        if (options.MaxEventStreams is < 1 or > 65_536)
        {
            result.AddError($"{options.MaxEventStreams}: use 1 to 65,536.", nameof(options.MaxEventStreams));
        }

        return result.Build();
    }
}
