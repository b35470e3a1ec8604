import { Route, Routes } from 'react-router';
import { RequireCustomer } from './auth/components';
import { CompaniesPage } from './companies/companies-page';
import { DashboardPage } from './dashboard/dashboard-page';
import { HomePage } from './home/home-page';
import { ListsPage } from './item-lists/lists-page';
import { Layout } from './layout/components/layout';
import { NotFoundPage } from './layout/not-found-page';
import { LoginPage } from './login/login-page';
import { RegisterPage } from './login/register-page';
import { ProductPage } from './product/product-page';
import { ProfilePage } from './profile/profile-page';

export const ShopRoutes = () => (
  <Routes>
    <Route element={<Layout />}>
      <Route element={<HomePage />} index />
      <Route element={<ProductPage />} path="goods/:productId" />
      <Route element={<LoginPage />} path="login" />
      <Route element={<RegisterPage />} path="register" />
      <Route element={<RequireCustomer />}>
        <Route element={<ListsPage />} path="lists" />
        <Route element={<CompaniesPage />} path="companies" />
        <Route element={<DashboardPage />} path="dashboard" />
        <Route element={<ProfilePage />} path="profile" />
      </Route>
      <Route element={<NotFoundPage />} path="*" />
    </Route>
  </Routes>
);
