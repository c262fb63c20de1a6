namespace Baker.Stack.Roles.Gateway;

/// <summary>The role's section, for those who know it.</summary>
public static class GatewaySection
{
    extension(Spec spec)
    {
        public GatewaySpec Gateway => (GatewaySpec)spec.Sections[GatewayRole.Itself.Name];
    }
}
