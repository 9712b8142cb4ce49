using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Runtime.Checks;

/// <summary>The choices on <c>[GeoGrain]</c> fit together, and the home policy can be made.</summary>
internal sealed class PolicyCheck(IServiceProvider services) : IGrainClassCheck
{
    public IEnumerable<Finding> Look(GeoGrainClass grain)
    {
        var choices = grain.Choices;
        if (!Enum.IsDefined(choices.Durability))
        {
            yield return new("[GeoGrain]", $"{(int)choices.Durability} is no durability, so that no write could be acknowledged. Use one of {string.Join(", ", Enum.GetNames<Durability>())}.");
        }

        if (choices is { MultiWriter: true, FollowWriters: true })
        {
            yield return new("[GeoGrain]", "a multi-writer entity is at home in every region and follows no writers. Take MultiWriter or FollowWriters off.");
        }

        if (WrongPolicy(choices.HomePolicy) is { } wrong)
        {
            yield return new($"home policy {choices.HomePolicy}", wrong);
        }
    }

    private string? WrongPolicy(Type policy)
    {
        if (!typeof(IHomePolicy).IsAssignableFrom(policy))
        {
            return $"it does not implement {nameof(IHomePolicy)}, so that no entity would have a home. Implement it, or choose {nameof(ByKeyHash)}, {nameof(ByKeyPrefix)} or {nameof(ByKeyGroup)}.";
        }

        try
        {
            return ActivatorUtilities.GetServiceOrCreateInstance(services, policy) is null ? "it was not made." : null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or MemberAccessException or ArgumentException or TypeLoadException or System.Reflection.TargetInvocationException)
        {
            return $"it cannot be made, so that no entity would have a home: {exception.Message.TrimEnd('.')}. Give it a public constructor whose parameters are registered services.";
        }
    }
}
