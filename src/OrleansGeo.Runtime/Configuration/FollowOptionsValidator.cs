using Microsoft.Extensions.Options;

namespace OrleansGeo.Runtime.Configuration;

/// <summary>Lists every problem at once.</summary>
internal sealed class FollowOptionsValidator : IValidateOptions<FollowOptions>
{
    public ValidateOptionsResult Validate(string? name, FollowOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.Window <= TimeSpan.Zero)
        {
            result.AddError($"{options.Window}: use a positive time.", nameof(options.Window));
        }

        if (options.Windows <= 0)
        {
            result.AddError($"{options.Windows}: use at least 1.", nameof(options.Windows));
        }

        if (options.Share is not (> 0.5 and <= 1))
        {
            result.AddError($"{options.Share}: use above 0.5 and at most 1.", nameof(options.Share));
        }

        if (options.Writes <= 0)
        {
            result.AddError($"{options.Writes}: use at least 1.", nameof(options.Writes));
        }

        if (options.MovesPerMinute < 0)
        {
            result.AddError($"{options.MovesPerMinute}: use 0 or more.", nameof(options.MovesPerMinute));
        }

        return result.Build();
    }
}
